"""A scenario becomes a clinic in the database: site, bookables, protocols, patients, series."""
