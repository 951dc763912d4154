"""Tests stand in the room of what they test, under the same file name."""
