"""What a person sent: text, passwords, days, files.

Every form of ours is multipart: the cache of the other parser would keep passwords in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from raccord.domain.secrets import Secret

BAD_DAY = "Cette date n’est pas lisible. Saisissez-la sous la forme JJ/MM/AAAA."


@dataclass(frozen=True)
class Received:
    """A file of a form: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, repr=False)
class Form:
    """The fields of one form. Absent fields are empty; nothing is trimmed except by `text`."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A line of text, without the blanks around it."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """A field exactly as typed."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    def secret(self, name: str) -> Secret:
        """A password exactly as typed, silent from here on."""
        return Secret(self.raw(name))

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.raw(name))

    def many(self, name: str) -> list[str]:
        """All the values of a repeated field."""
        return [value for value in self._listed(name) if isinstance(value, str)]

    def day(self, name: str) -> date | None:
        """A day as browsers send it (AAAA-MM-JJ) or as people type it (JJ/MM/AAAA), None when empty.

        Raises ValueError when it is none.
        """
        typed = self.text(name)
        if "/" in typed:
            day, month, year = map(int, typed.split("/"))
            return date(year, month, day)
        return date.fromisoformat(typed) if typed else None

    def days(self, *names: str) -> tuple[dict[str, date | None], dict[str, str]]:
        """Several days, and what to say of those that are none; such a one counts as empty."""
        days: dict[str, date | None] = dict.fromkeys(names)
        errors: dict[str, str] = {}
        for name in names:
            try:
                days[name] = self.day(name)
            except ValueError:
                errors[name] = BAD_DAY
        return days, errors

    def files(self, name: str) -> tuple[Received, ...]:
        """The files chosen in a field; a field left empty gives none."""
        chosen = [value for value in self._listed(name) if isinstance(value, UploadFile)]
        return tuple(Received(upload.filename, upload.file.read()) for upload in chosen if upload.filename)

    def _listed(self, name: str) -> list[Any]:
        value = self.fields.get(name, [])
        return value if isinstance(value, list) else [value]


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Given to the pages as the argument `form`."""
    received = await request.form()
    return Form({name: _single(received.getall(name)) for name in received})


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
