"""The phone, tested without a window against a real server; windows in tests marked so."""
