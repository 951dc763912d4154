"""Protocols and their editions: written, signed, published, and what they do to running series."""
