"""The alembic environment of laptops and centres; revisions lie in `versions` and are never edited once released."""
