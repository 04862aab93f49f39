"""Run by alembic: the connection and the transaction belong to `store.migrating`."""
