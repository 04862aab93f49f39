"""One signed call: the event as JSON, `Raccord-Signature: t=<epoch>,v1=<hex>`, no redirection followed, little read."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import httpx2

from raccord.domain.clock import Clock
from raccord.domain.errors import Invalid
from raccord.domain.journal import Event
from raccord.engine.webhooks.guarding import AddressGuard
from raccord.vault.credential import Credential

_READ_AT_MOST = 2000
_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
GONE = 410
"""The receiver says that nobody will ever listen there again."""


@dataclass(frozen=True)
class Answer:
    """What came back: `status` 0 when nobody answered, `words` for the log."""

    status: int
    words: str
    milliseconds: int

    @property
    def delivered(self) -> bool:
        """Whether the receiver took the event."""
        return 200 <= self.status < 300


def signature(secret: bytes, epoch: int, body: bytes, former: bytes = b"") -> str:
    """The value of `Raccord-Signature`: HMAC-SHA256 of `<epoch>.<body>`, the hour against replays.

    While a secret is being changed, a second `v1` is that of the `former` one: the receiver needs one that is right.
    """
    told = str(epoch).encode() + b"." + body
    digests = [hmac.new(key, told, hashlib.sha256).hexdigest() for key in (secret, former) if key]
    return ",".join([f"t={epoch}", *(f"v1={digest}" for digest in digests)])


def body_of(webhook_id: str, event: Event) -> bytes:
    """What is sent: the event of the journal, and an identifier that stays the same at each new try."""
    told: dict[str, Any] = {
        "id": f"{webhook_id}:{event.seq}",
        "seq": event.seq,
        "kind": event.kind,
        "subject": event.subject,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "data": dict(event.data),
    }
    return json.dumps(told, ensure_ascii=False, default=str).encode()


class Sender:
    """Calls receivers. `proxy_url` empty: straight to the address that was checked."""

    def __init__(self, guard: AddressGuard, clock: Clock, watch: Callable[[], float], proxy_url: str = "") -> None:
        self.guard = guard
        self._clock, self._watch, self._proxy = clock, watch, proxy_url

    def send(
        self, url: str, credential: Credential, webhook_id: str, event: Event, former: Credential | None = None
    ) -> Answer:
        """Tell one event. Never raises for what the receiver does: the answer says it."""
        epoch = int(self._clock().timestamp())
        body = body_of(webhook_id, event)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Raccord/{version('raccord')}",
            "Raccord-Event": event.kind,
            "Raccord-Delivery": f"{webhook_id}:{event.seq}",
            "Raccord-Signature": signature(
                credential.reveal_bytes(), epoch, body, former.reveal_bytes() if former else b""
            ),
        }
        begun = self._watch()
        status, words = self._call(url, headers, body)
        return Answer(status, words[:300], round((self._watch() - begun) * 1000))

    def _call(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        try:
            request = self._addressed(url, headers, body)
            with httpx2.Client(timeout=_TIMEOUT, trust_env=False, proxy=self._proxy or None) as client:
                answer = client.send(request, stream=True)
                try:
                    return answer.status_code, _words(answer)
                finally:
                    answer.close()
        except Invalid as refusal:
            return 0, refusal.sentence
        except httpx2.TimeoutException:
            return 0, "Le destinataire n’a pas répondu dans les dix secondes."
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            return 0, f"Le destinataire ne peut pas être joint ({type(error).__name__})."

    def _addressed(self, url: str, headers: dict[str, str], body: bytes) -> httpx2.Request:
        """The request to the numeric address that was checked, under the name of the host (also for TLS)."""
        numeric, target = self.guard.route(url), httpx2.URL(url)
        if self._proxy:
            return httpx2.Request("POST", target, headers=headers, content=body)
        headers = headers | {"Host": target.netloc.decode("ascii")}
        return httpx2.Request(
            "POST", target.copy_with(host=numeric), headers=headers, content=body,
            extensions={"sni_hostname": target.host, "timeout": _TIMEOUT.as_dict()},
        )  # fmt: skip


def _words(answer: httpx2.Response) -> str:
    if 300 <= answer.status_code < 400:
        return "Le destinataire redirige ailleurs : Raccord ne suit pas les redirections."
    for piece in answer.iter_bytes(_READ_AT_MOST):
        return " ".join(piece[:_READ_AT_MOST].decode("utf-8", "replace").split())
    return ""
