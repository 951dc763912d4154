"""Many series planned at once, and what would be if the clinic were otherwise."""
