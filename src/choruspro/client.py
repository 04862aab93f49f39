"""The two clients: `ChorusPro` waits for its answers, `AsyncChorusPro` is awaited; both hold the same families.

    with ChorusPro(SANDBOX, Credentials(client_id, client_secret, login, password)) as chorus:
        for structure in chorus.transverses.recuperer_structures_actives_fournisseur().listeStructures: ...

One client may serve many threads (or one event loop) and many calls: connections and token are kept. A concentrator
makes one client, then `for_account(login, password)` for each technical account it acts for.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from choruspro.auth import TokenCache
from choruspro.credentials import Credentials
from choruspro.engagements_juridiques import AsyncEngagementsJuridiques, EngagementsJuridiques
from choruspro.environment import Environment
from choruspro.exchange import Dialogue, Timeouts, default_timer, utc_now, with_account
from choruspro.factures import AsyncFactures, Factures
from choruspro.factures_travaux import AsyncFacturesTravaux, FacturesTravaux
from choruspro.operation import CorpsLibre, free_operation
from choruspro.organisations import AsyncOrganisations, Organisations
from choruspro.records import AsyncHooks, Hooks
from choruspro.session import AsyncSession, Session
from choruspro.structures import AsyncStructures, Structures
from choruspro.transverses import AsyncTransverses, Transverses
from choruspro.utilisateurs import AsyncUtilisateurs, Utilisateurs

__all__ = ["AsyncChorusPro", "ChorusPro"]

# A download may weigh 120 MB, a third more once in base64 (specifications/flux.md §6).
MAX_ANSWER = 256 * 1024 * 1024


class ChorusPro:
    """A synchronous client of Chorus Pro.

    `transport` replaces the network (an application in process, a recorded answer); `proxy` is an address such as
    `http://user:password@proxy:3128`; `ca` a file of trusted certificates in place of the system's store;
    `client_certificate` a (certificate, key) pair of files; `trust_env` obeys HTTPS_PROXY and SSL_CERT_FILE, by default
    for every host but the local machine; `basic_token` sends the application's credentials in HTTP Basic;
    `clock` gives the aware present, `timer` monotonic seconds. Nothing is sent before the first call.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        transport: httpx2.BaseTransport | None = None,
        timeout: Timeouts | None = None,
        proxy: str | None = None,
        ca: str | None = None,
        client_certificate: tuple[str, str] | None = None,
        trust_env: bool | None = None,
        basic_token: bool = False,
        tokens: TokenCache | None = None,
        hooks: Hooks | None = None,
        clock: Callable[[], datetime] = utc_now,
        timer: Callable[[], float] = default_timer,
        max_answer: int = MAX_ANSWER,
    ) -> None:
        dialogue = Dialogue(
            environment=environment,
            credentials=credentials,
            tokens=tokens or TokenCache(),
            timeouts=timeout or Timeouts(),
            clock=clock,
            timer=timer,
            basic=basic_token,
            max_answer=max_answer,
        )
        env = _trusts_env(environment, trust_env)
        network = {} if transport else _network(env, proxy, ca, client_certificate)
        http = httpx2.Client(transport=transport, trust_env=env, **network)
        self._furnish(dialogue, http, hooks or Hooks(), owns=True)

    def _furnish(self, dialogue: Dialogue, http: httpx2.Client, hooks: Hooks, *, owns: bool) -> None:
        self._dialogue, self._http, self._hooks, self._owns = dialogue, http, hooks, owns
        self.session = Session(dialogue, http, hooks)
        self.factures = Factures(self.session)
        self.structures = Structures(self.session)
        self.transverses = Transverses(self.session)
        self.utilisateurs = Utilisateurs(self.session)
        self.factures_travaux = FacturesTravaux(self.session)
        self.engagements_juridiques = EngagementsJuridiques(self.session)
        self.organisations = Organisations(self.session)

    @property
    def environment(self) -> Environment:
        """The Chorus Pro that this client talks to."""
        return self._dialogue.environment

    def authenticate(self, *, fresh: bool = False) -> None:
        """Prove the PISTE application alone, without any API call; `fresh` forgets the token kept.

        Raises CredentialsRefused (`piste`), Busy, Unreachable or Surprising.
        """
        if fresh:
            self._dialogue.tokens.forget(self._dialogue.token_key)
        self.session.token()

    def for_account(self, login: str, password: str) -> ChorusPro:
        """Act as another technical account with the same application, connections, tokens and hooks.

        The new client lives as long as this one; closing it does nothing.
        """
        other = type(self).__new__(type(self))
        other._furnish(with_account(self._dialogue, login, password), self._http, self._hooks, owns=False)
        return other

    def call(self, path: str, body: dict[str, Any], *, writes: bool = True) -> dict[str, Any]:
        """Call a path that this release does not describe, such as `facturesTravaux/consulter`.

        `writes` False says that the call changes nothing. The answer is the JSON object, amounts as Decimal.
        Raises the errors of `choruspro.errors`, and ValueError for a path without family.
        """
        return self.session.call(free_operation(path, writes=writes), CorpsLibre(corps=body))

    def close(self) -> None:
        """Close the connections."""
        if self._owns:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ChorusPro {self.environment.name}>"


class AsyncChorusPro:
    """The asynchronous client; its arguments are those of `ChorusPro`, its calls are awaited."""

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        timeout: Timeouts | None = None,
        proxy: str | None = None,
        ca: str | None = None,
        client_certificate: tuple[str, str] | None = None,
        trust_env: bool | None = None,
        basic_token: bool = False,
        tokens: TokenCache | None = None,
        hooks: AsyncHooks | None = None,
        clock: Callable[[], datetime] = utc_now,
        timer: Callable[[], float] = default_timer,
        max_answer: int = MAX_ANSWER,
    ) -> None:
        dialogue = Dialogue(
            environment=environment,
            credentials=credentials,
            tokens=tokens or TokenCache(),
            timeouts=timeout or Timeouts(),
            clock=clock,
            timer=timer,
            basic=basic_token,
            max_answer=max_answer,
        )
        env = _trusts_env(environment, trust_env)
        network = {} if transport else _network(env, proxy, ca, client_certificate)
        http = httpx2.AsyncClient(transport=transport, trust_env=env, **network)
        self._furnish(dialogue, http, hooks or AsyncHooks(), owns=True)

    def _furnish(self, dialogue: Dialogue, http: httpx2.AsyncClient, hooks: AsyncHooks, *, owns: bool) -> None:
        self._dialogue, self._http, self._hooks, self._owns = dialogue, http, hooks, owns
        self.session = AsyncSession(dialogue, http, hooks)
        self.factures = AsyncFactures(self.session)
        self.structures = AsyncStructures(self.session)
        self.transverses = AsyncTransverses(self.session)
        self.utilisateurs = AsyncUtilisateurs(self.session)
        self.factures_travaux = AsyncFacturesTravaux(self.session)
        self.engagements_juridiques = AsyncEngagementsJuridiques(self.session)
        self.organisations = AsyncOrganisations(self.session)

    @property
    def environment(self) -> Environment:
        """The Chorus Pro that this client talks to."""
        return self._dialogue.environment

    async def authenticate(self, *, fresh: bool = False) -> None:
        """Prove the PISTE application alone; see `ChorusPro.authenticate`."""
        if fresh:
            self._dialogue.tokens.forget(self._dialogue.token_key)
        await self.session.token()

    def for_account(self, login: str, password: str) -> AsyncChorusPro:
        """Act as another technical account; see `ChorusPro.for_account`."""
        other = type(self).__new__(type(self))
        other._furnish(with_account(self._dialogue, login, password), self._http, self._hooks, owns=False)
        return other

    async def call(self, path: str, body: dict[str, Any], *, writes: bool = True) -> dict[str, Any]:
        """Call a path that this release does not describe; see `ChorusPro.call`."""
        return await self.session.call(free_operation(path, writes=writes), CorpsLibre(corps=body))

    async def aclose(self) -> None:
        """Close the connections."""
        if self._owns:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<AsyncChorusPro {self.environment.name}>"


def _network(trust_env: bool, proxy: str | None, ca: str | None, certificate: tuple[str, str] | None) -> dict[str, Any]:
    verify = ssl.create_default_context(cafile=ca) if ca else httpx2.create_ssl_context(trust_env=trust_env)
    if certificate is not None:
        verify.load_cert_chain(*certificate)
    return {"proxy": proxy, "verify": verify}


def _trusts_env(environment: Environment, wanted: bool | None) -> bool:
    return not _is_local(environment.api_url) if wanted is None else wanted


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
