"""Backups: one file with everything a clinic has, whole and checked, or a refusal that says why."""
