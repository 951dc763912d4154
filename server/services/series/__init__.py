"""One patient's series: begun, held, resumed, ended, and what follows a visit that was missed."""
