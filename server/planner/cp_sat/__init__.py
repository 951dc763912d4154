"""A clinic's demand as one model for CP-SAT, solved in a process of its own with a memory limit."""
