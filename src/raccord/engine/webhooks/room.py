"""What persons and programs ask about webhooks: create, change, test, replay, read the log."""

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from raccord.domain.errors import Invalid
from raccord.domain.journal import GENESIS, Event
from raccord.domain.secrets import Secret
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import WEBHOOK
from raccord.engine.webhooks.guarding import check_kinds
from raccord.engine.webhooks.sending import Answer, Sender
from raccord.store import journal, webhooks
from raccord.store.webhooks import Delivery, Webhook
from raccord.vault import Vault

LONGEST_OVERLAP = timedelta(days=7)
"""For which a former secret may go on signing."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class NewWebhook:
    """A webhook to create: it is told what happens from now on."""

    label: str
    url: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class WebhookChange:
    """What changes in a webhook; None keeps what is there."""

    label: str | None = None
    url: str | None = None
    kinds: tuple[str, ...] | None = None
    active: bool | None = None


@dataclass(frozen=True)
class WebhookWithSecret:
    """A webhook and its secret, shown once."""

    webhook: Webhook
    secret: Secret


def secret_name(webhook_id: str) -> str:
    """Where the vault keeps the secret of a webhook."""
    return f"webhook/{webhook_id}"


def former_name(webhook_id: str) -> str:
    """Where the vault keeps the secret before the present one, while both sign."""
    return f"webhook/{webhook_id}/former"


def call(vault: Vault, sender: Sender, webhook: Webhook, event: Event, now: datetime) -> Answer:
    """One call, signed with the secret of the webhook, and with the former one while it holds."""
    with ExitStack() as stack:
        credential = stack.enter_context(vault.open(secret_name(webhook.id)))
        both = webhook.former_until is not None and webhook.former_until > now
        former = stack.enter_context(vault.open(former_name(webhook.id))) if both else None
        return sender.send(webhook.url, credential, webhook.id, event, former)


class Webhooks:
    """The webhooks of this Raccord."""

    def __init__(self, ground: Ground, vault: Vault, sender: Sender) -> None:
        self._ground, self._vault, self._sender = ground, vault, sender

    def create(self, new: NewWebhook, actor: str) -> WebhookWithSecret:
        """Keep a webhook, told of what its creator may see.

        Raises `Invalid` (`WEBHOOK_NOM`, `WEBHOOK_ADRESSE...`, `WEBHOOK_EVENEMENTS`).
        """
        ground, now, secret = self._ground, self._ground.clock(), _new_secret()
        label, kinds = _label(new.label), check_kinds(new.kinds)
        self._check(new.url)
        with ground.store.begin() as conn:
            webhook = Webhook(
                id=ground.new_id(), label=label, url=new.url.strip(), kinds=kinds, active=True,
                cursor=webhooks.last_event(conn), failures=0, retry_at=None, stopped_because="", former_until=None,
                created_by=actor[:120], created_at=now, updated_at=now, reach=ground.store.reach,
            )  # fmt: skip
            webhooks.insert(conn, webhook)
            self._vault.seal(conn, secret_name(webhook.id), secret.reveal())
            self._tell(conn, webhook.id, "created", actor, label=label)
        return WebhookWithSecret(webhook, secret)

    def edit(self, webhook_id: str, change: WebhookChange, actor: str) -> Webhook:
        """Change a webhook; one that is put back in service goes on where it stopped."""
        columns: dict[str, object] = {}
        if change.label is not None:
            columns["label"] = _label(change.label)
        if change.url is not None:
            self._check(change.url)
            columns["url"] = change.url.strip()
        if change.kinds is not None:
            columns["kinds"] = list(check_kinds(change.kinds))
        if change.active is not None:
            columns |= {"active": change.active, "failures": 0, "retry_at": None, "stopped_because": ""}
        return self._write(webhook_id, "edited", actor, columns)

    def delete(self, webhook_id: str, actor: str) -> None:
        """Forget a webhook, its secret and its log."""
        with self._ground.store.begin() as conn:
            label = webhooks.get(conn, webhook_id).label
            webhooks.delete(conn, webhook_id)
            self._vault.forget(conn, secret_name(webhook_id))
            self._vault.forget(conn, former_name(webhook_id))
            self._tell(conn, webhook_id, "deleted", actor, label=label)

    def renew_secret(self, webhook_id: str, actor: str, keep: timedelta = timedelta()) -> WebhookWithSecret:
        """Give a webhook another secret; the one before signs too for as long as `keep`, a week at most.

        Raises `NotFound`, `Invalid` (`WEBHOOK_DELAI`).
        """
        if not timedelta() <= keep <= LONGEST_OVERLAP:
            raise Invalid(
                "WEBHOOK_DELAI",
                "L’ancienne clé ne peut pas signer aussi longtemps.",
                "Choisissez de 0 (elle s’arrête aussitôt) à 168 heures.",
            )
        secret, now = _new_secret(), self._ground.clock()
        with ExitStack() as stack:
            old = stack.enter_context(self._vault.open(secret_name(webhook_id))) if keep else None
            conn = stack.enter_context(self._ground.store.begin())
            webhooks.get(conn, webhook_id)
            if old:
                self._vault.seal(conn, former_name(webhook_id), old.reveal())
            else:
                self._vault.forget(conn, former_name(webhook_id))
            self._vault.seal(conn, secret_name(webhook_id), secret.reveal())
            webhooks.update(conn, webhook_id, now=now, former_until=now + keep if keep else None)
            webhook = webhooks.get(conn, webhook_id)
            self._tell(conn, webhook_id, "secret_renewed", actor, label=webhook.label, hours=int(keep / _HOUR))
        return WebhookWithSecret(webhook, secret)

    def replay(self, webhook_id: str, after: int, actor: str) -> Webhook:
        """Tell again every event after that number, in order. Raises `Invalid` (`WEBHOOK_REPRISE`)."""
        with self._ground.store.read() as conn:
            last = webhooks.last_event(conn)
        if not 0 <= after <= last:
            raise Invalid(
                "WEBHOOK_REPRISE",
                f"Le journal va de 0 à {last} : il ne peut pas être rejoué après le numéro {after}.",
                "Donnez le numéro du dernier événement bien reçu.",
            )
        columns: dict[str, object] = {
            "cursor": after,
            "failures": 0,
            "retry_at": None,
            "active": True,
            "stopped_because": "",
        }
        return self._write(webhook_id, "replayed", actor, columns, after=after)

    def test(self, webhook_id: str, actor: str) -> Delivery:
        """Call the address now with an event of kind `webhook.test`, and say what it answered."""
        ground = self._ground
        webhook = self.get(webhook_id)
        event = Event(f"webhook/{webhook_id}", "webhook.test", ground.clock(), actor, {}, 0, GENESIS, GENESIS)
        answer = call(self._vault, self._sender, webhook, event, event.at)
        delivery = Delivery(
            webhook_id, 0, event.kind, 1, event.at, answer.status, answer.delivered, answer.words, answer.milliseconds
        )
        with ground.store.begin() as conn:
            webhooks.note(conn, delivery)
        return delivery

    def get(self, webhook_id: str) -> Webhook:
        """A webhook. Raises `NotFound` (`WEBHOOK_INCONNU`)."""
        with self._ground.store.read() as conn:
            return webhooks.get(conn, webhook_id)

    def all(self) -> Sequence[Webhook]:
        """Every webhook, by label."""
        with self._ground.store.read() as conn:
            return webhooks.all_webhooks(conn)

    def deliveries(self, webhook_id: str, limit: int = 50) -> Sequence[Delivery]:
        """The last calls of a webhook, newest first."""
        with self._ground.store.read() as conn:
            webhooks.get(conn, webhook_id)
            return webhooks.log(conn, webhook_id, limit)

    def _check(self, url: str) -> None:
        try:
            self._sender.guard.route(url)
        except OSError:
            raise Invalid(
                "WEBHOOK_ADRESSE_INCONNUE",
                "Le nom de cette adresse ne mène à aucune machine.",
                "Vérifiez l’adresse, ou réessayez dans un instant si le réseau est coupé.",
            ) from None

    def _write(self, webhook_id: str, kind: str, actor: str, columns: dict[str, object], **facts: object) -> Webhook:
        ground = self._ground
        with ground.store.begin() as conn:
            webhooks.get(conn, webhook_id)
            webhooks.update(conn, webhook_id, now=ground.clock(), **columns)
            webhook = webhooks.get(conn, webhook_id)
            self._tell(conn, webhook_id, kind, actor, label=webhook.label, **facts)
            if webhook.active:
                ground.jobs.schedule(conn, WEBHOOK, webhook_id, {"webhook_id": webhook_id})
        return webhook

    def _tell(self, conn: sa.Connection, webhook_id: str, kind: str, actor: str, **facts: object) -> None:
        event = self._ground.event(f"webhook/{webhook_id}", f"webhook.{kind}", actor, **facts)
        journal.append(conn, event)


def _new_secret() -> Secret:
    return Secret(f"rws_{secrets.token_urlsafe(32)}")


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not label or len(label) > 120:
        raise Invalid("WEBHOOK_NOM", "Ce webhook n’a pas de nom.", "Donnez-lui un nom de 120 caractères au plus.")
    return label
