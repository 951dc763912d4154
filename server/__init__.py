"""Tandem's backend: keeps infusion series and their paired psychotherapy true to a protocol."""
