"""What is told to whom: written, sent, answered, given up."""
