"""What only an Android package needs."""
