"""From an error of the client to a cause of the catalogue, when the error alone decides."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from choruspro import Busy, ChorusProError, CredentialsRefused, Unreachable
from raccord.doctor.notebook import Notebook, hour

DESK = "piste/token"
_QUIET_RETRY = timedelta(minutes=15)


def evidence_of(error: ChorusProError) -> str:
    """The raw answer, secrets masked: status, headers that help, the beginning of the body, the request id."""
    parts = [f"HTTP {error.http_status}" if error.http_status else type(error).__name__]
    if error.evidence is not None:
        parts += [f"{name}: {value}" for name, value in error.evidence.headers.items()]
        parts.append(error.evidence.body[:500])
    parts += [f"codeRetour {error.code_retour} {error.libelle}"] if error.code_retour is not None else []
    parts += [f"x-piste-request-id: {error.request_id}"] if error.request_id else []
    parts += list(getattr(error, "__notes__", ()))
    return "\n".join(part for part in parts if part)


def suspect_by_error(notes: Notebook, error: ChorusProError, now: datetime, url: str) -> None:
    """Name the cause of an error that is no refusal of credentials."""
    host = urlsplit(url).hostname or url
    if isinstance(error, Unreachable):
        notes.suspect(_unreachable(error), host=host)
    elif isinstance(error, Busy) and error.http_status == 429:
        notes.retry_at = now + timedelta(seconds=error.retry_after or _QUIET_RETRY.total_seconds())
        notes.suspect("PST-06", retry_time=hour(notes.retry_at))
    elif error.operation == DESK and not isinstance(error, CredentialsRefused) and error.http_status == 200:
        notes.suspect("PST-07")
    elif error.http_status in (404, 405):
        notes.suspect("PST-05", path=error.operation)
    elif isinstance(error, Busy) or (error.http_status or 0) >= 500:
        notes.suspect("NET-03")
    else:
        notes.suspect("PST-07" if error.operation == DESK else "NET-03")


def stopped_at_the_proxy(error: Unreachable) -> bool:
    """Whether a call that takes a proxy got no further: the name and the port that were tried are the proxy's."""
    told = getattr(error, "__notes__", ())
    return error.kind in ("proxy", "refused", "dns") or any(note.startswith("ConnectTimeout") for note in told)


def _unreachable(error: Unreachable) -> str:
    return {"tls": "NET-02", "timeout": "NET-03", "reset": "NET-03"}.get(error.kind, "NET-01")
