"""The clinic's rules. They read no clock, no row and no request."""
