"""The database: models, the one door in (`actions`), the one door out (`access`), and columns in bulk."""
