"""The jobs of webhooks: see who is behind the journal; tell one webhook what it lacks, event after event.

1 claim the webhook, 2 read the next events, 3 call, 4 move the cursor and write the log in one transaction. A crash
between 3 and 4 tells the event again, under the same identifier.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from raccord.domain.journal import Event
from raccord.engine.foundation.ground import ENGINE, Ground
from raccord.engine.foundation.names import WEBHOOK
from raccord.engine.foundation.port import Args, Later
from raccord.engine.letters.notices import Notice
from raccord.engine.webhooks.guarding import concerns
from raccord.engine.webhooks.room import call
from raccord.engine.webhooks.sending import GONE, Answer, Sender
from raccord.store import journal, webhooks
from raccord.store.reaching import narrow
from raccord.store.webhooks import Delivery, Webhook
from raccord.vault import Vault

_DELAYS_S = (10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
_CLAIM = timedelta(seconds=60)
_BATCH = 200
_CALLS_PER_JOB = 50
_LOG_KEPT = timedelta(days=30)


class Delivering:
    """Tells webhooks what happened. `most_failures` in a row stop a webhook; `warn` then has persons told."""

    def __init__(
        self,
        ground: Ground,
        vault: Vault,
        sender: Sender,
        warn: Callable[[sa.Connection, Notice], None],
        most_failures: int = 20,
    ) -> None:
        self._ground, self._vault, self._sender = ground, vault, sender
        self._warn, self._most = warn, most_failures

    def look(self) -> None:
        """Periodic job: wake those that are behind the journal."""
        ground = self._ground
        with ground.store.read() as conn:
            late = webhooks.behind(conn)
        for webhook_id in late:
            with ground.store.begin() as conn:
                ground.jobs.schedule(conn, WEBHOOK, webhook_id, {"webhook_id": webhook_id})

    def tidy(self) -> None:
        """Periodic job: forget the deliveries of more than a month ago."""
        with self._ground.store.begin() as conn:
            webhooks.forget_deliveries(conn, self._ground.clock() - _LOG_KEPT)

    def run(self, args: Args) -> None:
        """Job: tell one webhook what it lacks. Raises `Later` after a failure, or when much is left."""
        webhook_id, ground = str(args["webhook_id"]), self._ground
        with ground.store.begin() as conn:
            if not webhooks.claim(conn, webhook_id, ground.clock(), ground.clock() + _CLAIM):
                return
        try:
            wait = self._tell(webhook_id)
        finally:
            with ground.store.begin() as conn:
                webhooks.update(conn, webhook_id, now=ground.clock(), claimed_until=None)
        if wait is not None:
            raise Later(wait)

    def _tell(self, webhook_id: str) -> float | None:
        """Call while all goes well; gives how long to wait, or None when nothing is left to say."""
        calls = 0
        while calls < _CALLS_PER_JOB:
            with self._ground.store.read() as conn:
                webhook = webhooks.get(conn, webhook_id)
            news = self._news(webhook) if webhook.active else ()
            if not news:
                return None
            if webhook.retry_at and webhook.retry_at > self._ground.clock():
                return (webhook.retry_at - self._ground.clock()).total_seconds()
            event = _next(webhook, news)
            if event is None:
                self._pass_over(webhook, news[-1].seq)
                continue
            calls += 1
            wait = self._deliver(webhook, event)
            if wait is not None:
                return wait
        return 0.0

    def _news(self, webhook: Webhook) -> Sequence[Event]:
        """The next events of what a webhook may be told; it passes over the rest of the journal when there are none."""
        with self._ground.store.read() as conn:
            last = webhooks.last_event(conn)  # before the news: what comes in between is left for the next look
        with narrow(self._ground.store, webhook.reach).read() as conn:
            news = journal.read(conn, after=webhook.cursor, limit=_BATCH)
        if not news and webhook.cursor < last:
            self._pass_over(webhook, last)
        return news

    def _pass_over(self, webhook: Webhook, seq: int) -> None:
        with self._ground.store.begin() as conn:
            webhooks.advance(conn, webhook.id, webhook.cursor, seq)

    def _deliver(self, webhook: Webhook, event: Event) -> float | None:
        """One call and its note; gives how long to wait after a failure."""
        ground = self._ground
        answer = call(self._vault, self._sender, webhook, event, ground.clock())
        with ground.store.begin() as conn:
            now, failures = ground.clock(), 0 if answer.delivered else webhook.failures + 1
            webhooks.note(conn, _delivery(webhook, event, answer, now))
            if answer.delivered:
                claim = {"claimed_until": now + _CLAIM}
                webhooks.advance(conn, webhook.id, webhook.cursor, event.seq, failures=0, retry_at=None, **claim)
                return None
            if failures >= self._most or answer.status == GONE:
                self._stop(conn, webhook, answer, failures)
                return None
            delay = _DELAYS_S[min(failures, len(_DELAYS_S)) - 1]
            webhooks.advance(
                conn, webhook.id, webhook.cursor, webhook.cursor, failures=failures,
                retry_at=now + timedelta(seconds=delay),
            )  # fmt: skip
            return delay

    def _stop(self, conn: sa.Connection, webhook: Webhook, answer: Answer, failures: int) -> None:
        because = f"{answer.words or 'Le destinataire refuse les appels.'} (réponse {answer.status or 'absente'})"
        stopped = {"active": False, "failures": failures, "stopped_because": because[:300]}
        if webhooks.advance(conn, webhook.id, webhook.cursor, webhook.cursor, **stopped):
            facts: dict[str, object] = {"label": webhook.label, "because": because[:300], "failures": failures}
            event = self._ground.event(f"webhook/{webhook.id}", "webhook.stopped", ENGINE, **facts)
            journal.append(conn, event)
            self._warn(conn, _notice(webhook, because))


def _next(webhook: Webhook, news: Sequence[Event]) -> Event | None:
    return next((event for event in news if concerns(webhook.kinds, event.kind)), None)


def _delivery(webhook: Webhook, event: Event, answer: Answer, now: datetime) -> Delivery:
    return Delivery(
        webhook_id=webhook.id, seq=event.seq, kind=event.kind, attempt=webhook.failures + 1, at=now,
        status=answer.status, delivered=answer.delivered, answer=answer.words, milliseconds=answer.milliseconds,
    )  # fmt: skip


def _notice(webhook: Webhook, because: str) -> Notice:
    text = (
        f"Raccord n’appelle plus le webhook « {webhook.label} » : {because}\n\n"
        f"Rien n’est perdu : les événements après le n° {webhook.cursor} attendent. Réparez le destinataire, puis "
        "remettez le webhook en service dans Paramètres > Webhooks."
    )
    return Notice("webhook.stopped", f"Raccord : le webhook « {webhook.label} » est arrêté", text)
