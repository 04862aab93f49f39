"""« Mon Compte » and « Modification d’une structure » (specifications/seeds/README.md S2-26 to S2-54)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from chorus_simulator.portal import people
from chorus_simulator.portal.desk import Page, Visit

if TYPE_CHECKING:
    from chorus_simulator.parties import Adresse

# (field of the form and of the address, label, seed)
LINES = (
    ("adresse", "Adresse", "S2-34"),
    ("complementAdresse1", "Complément adresse 1", "S2-35"),
    ("complementAdresse2", "Complément adresse 2", "S2-36"),
    ("codePostal", "Code postal", "S2-37"),
    ("ville", "Ville", "S2-38"),
    ("pays", "Pays", "S2-39"),
    ("telephone", "Téléphone", "S2-40"),
    ("fax", "Fax", "S2-41"),
)


def show(visit: Visit) -> Response:
    """« Mon Compte »: personal data, settings, attachments to structures (S2-26 to S2-54)."""
    return _account(visit, {})


def change(visit: Visit) -> Response:
    """Keep the personal data and settings. A contact address that is none is refused beside its field."""
    contact = visit.field("contact")
    if contact and "@" not in contact:
        return _account(visit, {"contact": "Cette adresse n’a pas la forme d’une adresse électronique."})
    person = visit.person
    person.contact = contact
    person.nom, person.prenom = visit.field("nom"), visit.field("prenom")
    person.notifications = visit.field("notifications") == "oui"
    person.adresse = _new_address(visit, person.adresse)
    person.modified_at = visit.world.now()
    visit.world.touch()
    return visit.go("/mon-compte", "Vos informations ont été enregistrées.")


def structure(visit: Visit) -> Response:
    """Open to everybody attached to the structure; the manager alone sees what changes it."""
    world, person = visit.world, visit.person
    shown = people.structure_seen(world, person, visit.wanted("siret"))
    return visit.render(
        "structure.html",
        structure=shown,
        details=[("Type", "Publique" if shown.publique else "Privée")],
        address=_address(shown.adresse),
        may_edit=world.is_main_manager(person, shown.idStructureCPP),
        people=people.members(world, shown),
        accounts=world.accounts_of(shown.idStructureCPP),
        manager=world.main_manager(shown.idStructureCPP),
    )


def change_structure(visit: Visit) -> Response:
    """Keep the structure's address; for its main manager alone, refused to others by name."""
    shown = people.structure_managed(visit.world, visit.person, visit.wanted("siret"))
    shown.adresse = _new_address(visit, shown.adresse)
    visit.world.touch()
    return visit.go(f"/2016/structures/{shown.identifiant}", "La structure a été modifiée.")


def _account(visit: Visit, faults: dict[str, str]) -> Response:
    person = visit.person
    return visit.render(
        "account.html",
        422 if faults else 200,
        address=[
            (name, label, seed, value)
            for (name, label, seed), (_, _, value) in zip(LINES, _address(person.adresse), strict=True)
        ],
        attachments=people.attachments(visit.world, person),
        faults=faults,
    )


def _address(address: Adresse) -> list[tuple[str, str, str]]:
    return [(name, label, getattr(address, name)) for name, label, _ in LINES]


def _new_address(visit: Visit, address: Adresse) -> Adresse:
    """The address as the form says it: a new record, because the structures of a generated world share theirs."""
    return replace(address, **{name: visit.field(name) for name, _, _ in LINES if name in visit.form})


PAGES = (
    Page("/mon-compte", show),
    Page("/mon-compte", change, "POST"),
    Page("/2016/structures/{siret}", structure),
    Page("/2016/structures/{siret}", change_structure, "POST"),
)
