"""The waiting list, and times that came free for it."""
