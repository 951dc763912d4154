"""How the clinic stands, for whoever looks after it."""
