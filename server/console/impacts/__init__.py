"""What an edition would do to running series: looked at, chosen from, carried over."""
