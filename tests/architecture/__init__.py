"""The shape of the code, kept by tests: who imports whom, how long things are, their names."""
