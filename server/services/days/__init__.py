"""Today's board, the week, and the day as a patient's phone keeps it."""
