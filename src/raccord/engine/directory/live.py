"""Asking Chorus Pro itself about one structure: the fall-back when the copy of the directory lacks it.

The chain of calls is that of specifications/directory.md §1; each answer is kept, so that a SIRET is asked once.
"""

from dataclasses import replace

from choruspro.models.structures import (
    RechercherStructureInput,
    ServiceExpose,
    StructureAAfficher,
    WsRetourConsulterStructureTVAIntraCom,
)
from raccord.domain.connection import Connection
from raccord.domain.directory import DirectorySource, PublicService, PublicStructure
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.talk import live
from raccord.store.directory.lookups import LiveAnswer


def ask_structure(ground: Ground, connection: Connection, siret: str) -> LiveAnswer:
    """What Chorus Pro says of a SIRET and of its services. Raises `Unavailable`."""
    with live(ground, connection) as chorus:
        wanted = RechercherStructureInput(identifiantStructure=siret, typeIdentifiantStructure="SIRET")
        row = _only(list(chorus.structures.rechercher.iter_rows(structure=wanted)), siret)
        if row is None or row.idStructureCPP is None:
            return LiveAnswer(None, (), ground.clock())
        detail = chorus.structures.consulter(idStructureCPP=row.idStructureCPP)
        if str(detail.informationGenerales and detail.informationGenerales.structurePriveePublique) == "PRIVEE":
            return LiveAnswer(None, (), ground.clock())
        services = chorus.structures.rechercher_services.iter_rows(idStructure=row.idStructureCPP)
        offered = tuple(_service(siret, service) for service in services if service.codeService)
    now = ground.clock()
    return LiveAnswer(replace(_structure(siret, row, detail), known_at=now), offered, now)


def ask_service(ground: Ground, connection: Connection, id_structure: int, service: PublicService) -> PublicService:
    """The same service, with what its own page says of the commitment number. Raises `Unavailable`."""
    if service.id_service is None:
        return replace(service, commitment_required=False)
    with live(ground, connection) as chorus:
        detail = chorus.structures.consulter_service(idStructure=id_structure, idService=service.id_service)
    return replace(service, commitment_required=bool(detail.parametres and detail.parametres.numeroEngagement))


def _only(rows: list[StructureAAfficher], siret: str) -> StructureAAfficher | None:
    """The structure of that identifier: the open one first, should a closed twin answer too."""
    same = [row for row in rows if row.identifiantStructure == siret]
    return min(same, key=lambda row: not _is_active(row.statut), default=None)


def _is_active(status: str | None) -> bool:
    """Requests say ACTIF, answers ACTIVE (specifications/quirks.md §1, row 15); silence is not a refusal."""
    return str(status or "ACTIVE") in ("ACTIVE", "ACTIF")


def _structure(siret: str, row: StructureAAfficher, detail: WsRetourConsulterStructureTVAIntraCom) -> PublicStructure:
    general, asked, seat = detail.informationGenerales, detail.parametres, detail.adressePostaleDuSiege
    name = (general and (general.raisonSocialeStructure or general.libelleStructure)) or row.designationStructure
    lines = (seat.adresse, seat.complementAdresse1, seat.complementAdresse2) if seat else ()
    return PublicStructure(
        siret=siret,
        name=name or siret,
        active=_is_active(row.statut),
        service_required=bool(asked and asked.codeServiceDoitEtreRenseigne),
        commitment_required=bool(asked and asked.numeroEJDoitEtreRenseigne),
        service_or_commitment=bool(asked and asked.gestionNumeroEJOuCodeService),
        payment_reported=None if asked is None else not asked.statutMiseEnPaiementNestPasRemonte,
        sends_edi=bool(asked and asked.connexionEDI),
        receives_edi=bool(asked and asked.recevoirDonneesViaEDI),
        works_owner=bool(asked and asked.getaMoa),
        works_only=bool(asked and asked.estMoaUniquement),
        address=" ".join(filter(None, lines)),
        postcode=(seat and seat.codePostal) or "",
        town=(seat and seat.ville) or "",
        id_structure_cpp=row.idStructureCPP,
        source=DirectorySource.LIVE,
    )


def _service(siret: str, service: ServiceExpose) -> PublicService:
    closed = service.estActif is False or str(service.statutService or "").upper().startswith("INACTI")
    code = service.codeService or ""
    return PublicService(siret, code, service.libelleService or code, not closed, None, service.idService)
