"""Who did what, sealed; what must never be; what it all came to."""
