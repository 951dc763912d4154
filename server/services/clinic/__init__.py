"""The clinic as its administrator sets it up: sites, bookables, hours, habits, spreadsheets."""
