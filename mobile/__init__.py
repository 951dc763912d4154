"""The patient's phone app."""
