"""One function is one thing someone asks for, in one transaction; access is checked first."""
