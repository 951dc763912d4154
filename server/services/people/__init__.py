"""Patients, practitioners and logins; who treats whom, and who is on call."""
