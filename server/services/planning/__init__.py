"""Finding times: for one series, for everybody who waits, after a bad morning."""
