"""What Raccord remembers: tables and their verbs, the same on SQLite and PostgreSQL."""
