"""What server and phone say to each other."""
