"""A client of Chorus Pro: typed, synchronous and asynchronous, usable alone.

    from choruspro import SANDBOX, ChorusPro, Credentials

    with ChorusPro(SANDBOX, Credentials(client_id, client_secret, login, password)) as chorus:
        taux = chorus.transverses.recuperer_tauxtva()

Families follow the official API (`factures`, `structures`, `transverses`, `utilisateurs`, `factures_travaux`,
`engagements_juridiques`, `organisations`) and operations its paths: `factures/deposer/flux` is `factures.deposer_flux`.
Requests and answers live in `choruspro.models`, lists of values in `choruspro.enumerations`.
"""

from choruspro.auth import TokenCache
from choruspro.client import AsyncChorusPro, ChorusPro
from choruspro.credentials import Credentials
from choruspro.environment import PRODUCTION, SANDBOX, Environment, FormerHost, former_host
from choruspro.errors import (
    Busy,
    ChorusProError,
    CredentialsRefused,
    Refused,
    Surprising,
    TooLarge,
    Truncated,
    Unreachable,
)
from choruspro.evidence import Evidence
from choruspro.exchange import Timeouts
from choruspro.records import AsyncHooks, CallRecord, Hooks

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "AsyncChorusPro",
    "AsyncHooks",
    "Busy",
    "CallRecord",
    "ChorusPro",
    "ChorusProError",
    "Credentials",
    "CredentialsRefused",
    "Environment",
    "Evidence",
    "FormerHost",
    "Hooks",
    "Refused",
    "Surprising",
    "Timeouts",
    "TokenCache",
    "TooLarge",
    "Truncated",
    "Unreachable",
    "former_host",
]
