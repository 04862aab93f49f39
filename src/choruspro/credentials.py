"""The two proofs of a call: the PISTE application and the technical account (gateway-and-authentication.md §2-3)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

__all__ = ["Credentials"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """`client_id` and `client_secret` of the PISTE application, `login` and `password` of the technical account.

    The four values travel byte for byte: nothing is trimmed, because a password may end with any character.
    The text form shows none of them.
    """

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    login: str = field(repr=False)
    password: str = field(repr=False)

    def account_header(self) -> str:
        """Build the `cpro-account` header: base64 of `login:password` in UTF-8, on one line."""
        return base64.b64encode(f"{self.login}:{self.password}".encode()).decode("ascii")

    def basic_header(self) -> str:
        """Build the HTTP Basic form of the PISTE application, for gateways that refuse it in the form."""
        pair = f"{self.client_id}:{self.client_secret}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")

    def application_key(self) -> str:
        """Name the PISTE application without showing it: two secrets never share a token."""
        return hashlib.sha256(f"{self.client_id}\0{self.client_secret}".encode()).hexdigest()

    def secrets(self) -> tuple[str, ...]:
        """List what must never appear in a log, an error or an evidence."""
        values = (self.client_secret, self.password, self.account_header(), self.basic_header()[6:])
        return tuple(value for value in values if value)
