"""The sweep: compares what our tables say is to be done with what is asked of the engine, and asks what is missing."""

from raccord.engine.deposits.replying import find_orphan_answers
from raccord.engine.deposits.submitting import find_orphan_entries
from raccord.engine.foundation import doubt, due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.waking import wake_everything
from raccord.engine.receptions.posting import find_orphan_posts
from raccord.engine.receptions.validating import find_orphan_decisions
from raccord.store import connections


class Sweep:
    """The periodic job of the whole house."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self) -> None:
        """Doubt what died on the way, reckon the due dates that are to be, then wake every connection that has work."""
        doubt.find_orphans(self._ground)
        find_orphan_posts(self._ground)
        find_orphan_entries(self._ground)
        find_orphan_answers(self._ground)
        find_orphan_decisions(self._ground)
        due_dates.reckon_all(self._ground)
        with self._ground.store.read() as conn:
            ids = [connection.id for connection in connections.all_connections(conn)]
        for connection_id in ids:
            with self._ground.store.begin() as conn:
                wake_everything(conn, self._ground, connection_id, gently=True)
