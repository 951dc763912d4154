"""Patients who would come sooner, and times that came free for them."""
