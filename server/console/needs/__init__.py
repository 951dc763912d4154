"""What needs somebody: answers to look at, and visits that did not take place."""
