"""/api/v1/directory: the public structures, what each demands on an invoice, its services; the state of the copy."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.params import FromQuery, QueryParameter

from raccord.api.auth import configures, reads
from raccord.api.given import ApiRequest, PathText, QueryText, TheGateway
from raccord.api.inputs import meant
from raccord.domain.directory import CommitmentCheck, DirectoryStatus, PublicService, PublicStructure, requirement
from raccord.domain.errors import NotFound
from raccord.engine.gateway import Gateway


class ServiceView(msgspec.Struct, frozen=True):
    """A service: `commitment_required` null when only Chorus Pro can tell, by asking for this service alone."""

    code: str
    name: str
    active: bool
    commitment_required: bool | None

    @classmethod
    def of(cls, service: PublicService) -> "ServiceView":
        """The view of this service."""
        return cls(service.code, service.name, service.active, service.commitment_required)


class PublicStructureView(msgspec.Struct, frozen=True):
    """A public structure. `requirement`: aucune, service, engagement, service-ou-engagement, service-et-engagement."""

    siret: str
    name: str
    active: bool
    requirement: str
    sentence: str
    address: str
    postcode: str
    town: str
    source: str
    known_at: datetime | None
    services: list[ServiceView] | None = None

    @classmethod
    def of(cls, one: PublicStructure, services: tuple[PublicService, ...] | None = None) -> "PublicStructureView":
        """The view of this structure; with its services when they were asked."""
        asked = requirement(one)
        offered = None if services is None else [ServiceView.of(service) for service in services]
        return cls(
            one.siret, one.name, one.active, asked.value, asked.sentence, one.address, one.postcode, one.town,
            one.source.value, one.known_at, offered,
        )  # fmt: skip


class DirectoryView(msgspec.Struct, frozen=True):
    """The copy in use (null before the first loading), and why the last loading failed if it did."""

    structures: int | None
    services: int | None
    loaded_at: datetime | None
    origin: str
    failed_at: datetime | None
    failure: str

    @classmethod
    def of(cls, status: DirectoryStatus) -> "DirectoryView":
        """The view of this state."""
        now = status.current
        if now is None:
            return cls(None, None, None, "", status.failed_at, status.failure)
        return cls(now.structures, now.services, now.loaded_at, now.origin, status.failed_at, status.failure)


class CommitmentView(msgspec.Struct, frozen=True):
    """Advice on a commitment number: connu, inconnu, autre-structure, non-verifie."""

    verdict: str
    sentence: str
    service_code: str

    @classmethod
    def of(cls, check: CommitmentCheck) -> "CommitmentView":
        """The view of this answer."""
        return cls(check.verdict.value, check.sentence, check.service_code)


def _asker(gateway: Gateway, wanted: str) -> str:
    return gateway.connections.find(wanted).id if wanted else gateway.directory.home()


@get("/directory/structures", sync_to_thread=True, guards=[reads])
def search(
    gateway: TheGateway,
    text: QueryText = "",
    town: QueryText = "",
    connection: QueryText = "",
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 20,
) -> list[PublicStructureView]:
    """The structures that `text` (name, SIRET, SIREN) may mean, the likeliest first; `town` or postcode narrows."""
    found = gateway.directory.search(text, town, limit, _asker(gateway, connection))
    return [PublicStructureView.of(one) for one in found]


@get("/directory/structures/{siret:str}", sync_to_thread=True, guards=[reads])
def one(
    gateway: TheGateway,
    siret: PathText,
    connection: QueryText = "",
    *,
    public_supplier: FromQuery[bool] = False,
) -> PublicStructureView:
    """One structure, what it demands and its services; asked to Chorus Pro when the copy lacks it."""
    asker = _asker(gateway, connection)
    found = gateway.directory.find(siret, asker)
    if found is None:
        raise NotFound(
            "STRUCTURE_PUBLIQUE_INCONNUE",
            f"Aucune structure publique n’a le SIRET {siret[:20]}.",
            "Vérifiez le SIRET sur le bon de commande ; ce n’est pas toujours celui du siège.",
        )
    services = gateway.directory.services(siret, asker, for_private_supplier=not public_supplier)
    return PublicStructureView.of(found, services)


@get("/directory/commitments/{number:str}", sync_to_thread=True, guards=[reads])
def commitment(
    gateway: TheGateway,
    number: PathText,
    supplier_siret: QueryText,
    recipient_siret: QueryText = "",
    connection: QueryText = "",
) -> CommitmentView:
    """Whether Chorus Pro knows this commitment number, where it can tell."""
    asker = meant(gateway, connection).id
    return CommitmentView.of(gateway.commitments.check(asker, number, supplier_siret, recipient_siret))


@get("/directory", sync_to_thread=True, guards=[reads])
def status(gateway: TheGateway, connection: QueryText = "") -> DirectoryView:
    """How the local copy fares."""
    return DirectoryView.of(gateway.directory.status(_asker(gateway, connection)))


@post("/directory/refresh", sync_to_thread=True, guards=[configures], status_code=200)
def refresh(request: ApiRequest, gateway: TheGateway, connection: QueryText = "") -> DirectoryView:
    """Fetch the directory from Chorus Pro now; on failure the copy in use stays."""
    asker = meant(gateway, connection).id
    gateway.directory.refresh(asker, request.user.actor)
    return DirectoryView.of(gateway.directory.status(asker))


router = Router(path="/", tags=["Annuaire"], route_handlers=[search, one, commitment, status, refresh])
