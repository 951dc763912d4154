"""The clock, which only says that it is time, and the workers, which do what is due."""
