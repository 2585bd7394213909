"""The only place with SQL: open, migrate, query, search. Plain sqlite3 for reads and local tables; nothing heavy at import."""
