"""The complete search for one series: exact, whatever its windows."""
