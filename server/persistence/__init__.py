"""Rows and the queries that have a name; nothing clever."""
