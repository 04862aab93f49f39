"""The two clients: `ChorusPro` waits for its answers, `AsyncChorusPro` is awaited; both hold the same families.

    with ChorusPro(SANDBOX, Credentials(client_id, client_secret, login, password)) as chorus:
        for structure in chorus.transverses.recuperer_structures_actives_fournisseur().listeStructures: ...

One client may serve many threads (or one event loop) and many calls: connections and token are kept. A concentrator
makes one client, then `for_account(login, password)` for each technical account it acts for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

import httpx2

from choruspro.auth import TokenCache
from choruspro.credentials import Credentials
from choruspro.engagements_juridiques import AsyncEngagementsJuridiques, EngagementsJuridiques
from choruspro.environment import Environment
from choruspro.exchange import Dialogue, Timeouts, default_timer, utc_now, with_account
from choruspro.factures import AsyncFactures, Factures
from choruspro.factures_travaux import AsyncFacturesTravaux, FacturesTravaux
from choruspro.network import Reach
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

Http = TypeVar("Http")
Telling = TypeVar("Telling")


class _Client(ABC, Generic[Http, Telling]):
    """What both clients are: one dialogue, one pool of connections, one place where exchanges are told."""

    def _keep(self, dialogue: Dialogue, http: Http, hooks: Telling, *, owns: bool) -> None:
        self._dialogue, self._http, self._hooks, self._owns = dialogue, http, hooks, owns

    @abstractmethod
    def _furnish(self, dialogue: Dialogue, http: Http, hooks: Telling, *, owns: bool) -> None:
        """Keep what is given and hang the families on it; `owns`: closing this client closes the connections."""

    @property
    def environment(self) -> Environment:
        """The Chorus Pro that this client talks to."""
        return self._dialogue.environment

    def for_account(self, login: str, password: str) -> Self:
        """Act as another technical account with the same application, connections, tokens and hooks.

        The new client lives as long as this one; closing it does nothing.
        """
        other = type(self).__new__(type(self))
        other._furnish(with_account(self._dialogue, login, password), self._http, self._hooks, owns=False)
        return other

    def _forget_token(self) -> None:
        self._dialogue.tokens.forget(self._dialogue.token_key)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.environment.name}>"


class ChorusPro(_Client[httpx2.Client, Hooks]):
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
        tokens, timeout = tokens or TokenCache(), timeout or Timeouts()
        dialogue = Dialogue(environment, credentials, tokens, timeout, clock, timer, basic_token, max_answer)
        reach = Reach(trust_env=trust_env, proxy=proxy, ca=ca, client_certificate=client_certificate)
        http = httpx2.Client(transport=transport, **reach.arguments(environment, transport))
        self._furnish(dialogue, http, hooks or Hooks(), owns=True)

    def _furnish(self, dialogue: Dialogue, http: httpx2.Client, hooks: Hooks, *, owns: bool) -> None:
        self._keep(dialogue, http, hooks, owns=owns)
        self.session = Session(dialogue, http, hooks)
        self.factures = Factures(self.session)
        self.structures = Structures(self.session)
        self.transverses = Transverses(self.session)
        self.utilisateurs = Utilisateurs(self.session)
        self.factures_travaux = FacturesTravaux(self.session)
        self.engagements_juridiques = EngagementsJuridiques(self.session)
        self.organisations = Organisations(self.session)

    def authenticate(self, *, fresh: bool = False) -> None:
        """Prove the PISTE application alone, without any API call; `fresh` forgets the token kept.

        Raises CredentialsRefused (`piste`), Busy, Unreachable or Surprising.
        """
        if fresh:
            self._forget_token()
        self.session.token()

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


class AsyncChorusPro(_Client[httpx2.AsyncClient, AsyncHooks]):
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
        tokens, timeout = tokens or TokenCache(), timeout or Timeouts()
        dialogue = Dialogue(environment, credentials, tokens, timeout, clock, timer, basic_token, max_answer)
        reach = Reach(trust_env=trust_env, proxy=proxy, ca=ca, client_certificate=client_certificate)
        http = httpx2.AsyncClient(transport=transport, **reach.arguments(environment, transport))
        self._furnish(dialogue, http, hooks or AsyncHooks(), owns=True)

    def _furnish(self, dialogue: Dialogue, http: httpx2.AsyncClient, hooks: AsyncHooks, *, owns: bool) -> None:
        self._keep(dialogue, http, hooks, owns=owns)
        self.session = AsyncSession(dialogue, http, hooks)
        self.factures = AsyncFactures(self.session)
        self.structures = AsyncStructures(self.session)
        self.transverses = AsyncTransverses(self.session)
        self.utilisateurs = AsyncUtilisateurs(self.session)
        self.factures_travaux = AsyncFacturesTravaux(self.session)
        self.engagements_juridiques = AsyncEngagementsJuridiques(self.session)
        self.organisations = AsyncOrganisations(self.session)

    async def authenticate(self, *, fresh: bool = False) -> None:
        """Prove the PISTE application alone; see `ChorusPro.authenticate`."""
        if fresh:
            self._forget_token()
        await self.session.token()

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
