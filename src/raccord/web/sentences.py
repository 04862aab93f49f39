"""What the journal says to a person: one sentence per kind of event; an unknown kind is shown as it came."""

from collections.abc import Mapping

from raccord.domain.journal import Event

_SENTENCES: Mapping[str, str] = {}


def told(event: Event) -> str:
    """The sentence of this event, its facts filled in."""
    return _SENTENCES.get(event.kind, event.kind)
