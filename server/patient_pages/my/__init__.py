"""The pages of a patient who has signed in."""
