"""Whether a connection was restored from a backup and not reconciled since, as the journal tells."""

from datetime import datetime

import sqlalchemy as sa

from raccord.store import journal


def restored_since(conn: sa.Connection, connection_id: str) -> datetime | None:
    """The instant of the backup that was restored last; None without one, or once the connection was reconciled."""
    restored = journal.last(conn, "house", "backup.restored")
    if restored is None or not restored.data.get("made_at"):
        return None
    done = journal.last(conn, f"connection/{connection_id}", "connection.reconciled")
    if done is not None and done.seq > restored.seq:
        return None
    return datetime.fromisoformat(str(restored.data["made_at"]))
