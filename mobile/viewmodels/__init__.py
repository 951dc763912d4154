"""What a screen shows and does; no widgets, no threads."""
