"""How good a plan of many series can be at best: prices of hours, and days that are full sooner."""
