"""Programs that make files kept in this repository."""
