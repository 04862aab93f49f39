"""`raccord digest`: the letters of the day about late payments: who has them, what they would say, send them now."""

from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, ROLES, as_json, find_person, opened, print_json, show, table
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

_SIDES = {"receptions": "receptions", "depots": "deposits"}


@click.group()
def digest() -> None:
    """Le récapitulatif quotidien des factures en retard, par courriel."""


@digest.command("list")
@as_json
def every(*, as_json: bool) -> int:
    """Montrer qui le reçoit, de quelles factures, à quelle heure."""
    with opened() as gateway:
        found, names = gateway.digests.all(), {one.id: one.email for one in gateway.users.all()}
    if as_json:
        print_json(list(found))
        return Exit.OK
    lines = table("Destinataire", "Factures", "Périmètre", "Heure", "Envoyé le", "Identifiant")
    for one in found:
        reader = names.get(one.user_id, one.user_id) or f"rôle {one.role.label if one.role else ''}"
        day = f"{one.told_on:%d/%m/%Y}" if one.told_on else "—"
        lines.add_row(reader, one.side.label, one.scope or "toutes", f"{one.hour} h", day, one.id)
    show(lines)
    return Exit.OK


@digest.command("ask")
@click.argument("recipient")
@click.option("--side", type=click.Choice(list(_SIDES)), default="receptions", show_default=True, help="Factures.")
@click.option("--scope", default="", help="Structure (reçues) ou connexion (déposées), par identifiant ; toutes sinon.")
@click.option("--hour", type=click.IntRange(0, 23), default=7, show_default=True, help="Heure de Paris.")
@click.option("--always", is_flag=True, help="Écrire aussi quand il n’y a rien à dire.")
@as_json
def ask(*, recipient: str, side: str, scope: str, hour: int, always: bool, as_json: bool) -> int:
    """Le demander pour RECIPIENT : une adresse, ou un rôle (superviseur, comptable, lecteur)."""
    from raccord.domain.digests import NewDigest, Side

    with opened() as gateway:
        new = NewDigest(_recipient(gateway, recipient), Side(_SIDES[side]), scope, hour, always)
        kept = gateway.digests.ask(new, ACTOR)
    print_json(kept) if as_json else click.echo(f"Demandé : {kept.id}")
    return Exit.OK


@digest.command("cancel")
@click.argument("digest_id")
def cancel(digest_id: str) -> int:
    """Ne plus l’envoyer."""
    with opened() as gateway:
        gateway.digests.cancel(digest_id, ACTOR)
    click.echo("Ce récapitulatif ne partira plus.")
    return Exit.OK


@digest.command("send")
@click.option("--dry-run", is_flag=True, help="Montrer ce qui partirait maintenant, sans rien envoyer.")
@as_json
def send(*, dry_run: bool, as_json: bool) -> int:
    """Demander l’envoi de ceux dont l’heure est venue et qui ne sont pas partis aujourd’hui."""
    if dry_run:
        return _show(as_json=as_json)
    with opened(working=True, if_alone=True) as gateway:
        asked = gateway.digests.send_due()
    print_json({"letters": asked}) if as_json else click.echo(f"{asked} courriel(s) demandé(s).")
    return Exit.OK


def _show(*, as_json: bool) -> int:
    with opened() as gateway:
        found = [preview for one in gateway.digests.all() for preview in gateway.digests.preview(one)]
    if as_json:
        print_json([
            {"to": list(one.to), "subject": one.letter.subject, "text": one.letter.text, "leaves": one.leaves}
            for one in found
        ])  # fmt: skip
        return Exit.OK
    for one in found:
        quiet = "" if one.leaves else " (ne partirait pas : rien à dire)"
        click.echo(f"À : {', '.join(one.to)}{quiet}\nObjet : {one.letter.subject}\n\n{one.letter.text}\n")
    if not found:
        click.echo("Personne n’a demandé de récapitulatif.")
    return Exit.OK


def _recipient(gateway: "Gateway", wanted: str) -> str:
    from raccord.domain.digests import holders, person

    return holders(Role(wanted)) if wanted in ROLES else person(find_person(gateway, wanted).id)
