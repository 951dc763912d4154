"""Everything by its name: patients, people, protocols, pages."""
