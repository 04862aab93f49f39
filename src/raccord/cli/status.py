"""`raccord status`: the light, the outbox, or one deposit with its history."""

from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, moment, opened, print_json, show, table, told_fault

if TYPE_CHECKING:
    from raccord.domain.deposit import Deposit
    from raccord.engine.connections.light import LightView
    from raccord.engine.gateway import Gateway


@click.command()
@click.argument("invoice", required=False, default="")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Nombre de dépôts montrés.")
@as_json
def status(invoice: str, limit: int, as_json: bool) -> int:
    """Dire où en sont les dépôts, ou tout ce qu’on sait de INVOICE : son numéro, ou l’identifiant de son dépôt."""
    return _one(invoice, as_json=as_json) if invoice else _all(limit, as_json=as_json)


def _found(gateway: "Gateway", invoice: str) -> "Deposit":
    """The deposit of that identifier, else the last one of that number. Raises `NotFound` (`DEPOT_INCONNU`)."""
    from raccord.domain.errors import NotFound
    from raccord.store.deposits import DepositQuery

    try:
        return gateway.outbox.get(invoice)
    except NotFound:
        first = gateway.outbox.search(DepositQuery(text=invoice), limit=1).items  # an exact number comes first
        if first and first[0].number == invoice:
            return first[0]
        raise


def _one(invoice: str, *, as_json: bool) -> int:
    from raccord.domain.next_steps import next_step
    from raccord.domain.statuses import AFNOR, label
    from raccord.web.sentences import told

    with opened() as gateway:
        deposit = _found(gateway, invoice)
        events, answers = gateway.outbox.events(deposit.id), gateway.answering.answers(deposit.id)
    step = next_step(deposit.platform_status)
    if as_json:
        shown = {"deposit": deposit, "next_step": step, "answers": list(answers), "events": list(events)}
        print_json(shown)
        return Exit.OK
    standing = [deposit.state.label, label(deposit.platform_status), AFNOR.get(deposit.platform_status, "")]
    click.echo(f"{deposit.number} : {', '.join(part for part in standing if part)}")
    for fault in deposit.faults:
        if fault.is_error:
            click.echo(told_fault(fault))
    if deposit.platform_comment and deposit.platform_status in ("REJETEE", "SUSPENDUE"):
        click.echo(f"Motif du destinataire : {deposit.platform_comment}")
    if step:
        click.echo(step)
    for one in answers:
        click.echo(f"  {moment(one.created_at)}  {one.kind.label} : {one.state.label} {one.reply}".rstrip())
    for event in events:
        click.echo(f"  {moment(event.at)}  {told(event)}")
    return Exit.OK


def _all(limit: int, *, as_json: bool) -> int:
    from raccord.domain.statuses import label
    from raccord.store.deposits import DepositQuery

    with opened() as gateway:
        overview, counts = gateway.light.overall(), gateway.outbox.count()
        found = gateway.outbox.search(DepositQuery(), limit=limit).items
        held = [one.label for one in gateway.outbox.senders() if one.paused]
    red = overview.light.value == "rouge"
    if as_json:
        by_state = {state.value: count for state, count in counts.items()}
        light = {"light": overview.light.value, "sentence": overview.sentence}
        lights = [_light_of(view) for view in overview.connections]
        print_json({**light, "connections": lights, "paused": held, "counts": by_state, "deposits": list(found)})
        return Exit.CONNECTION_RED if red else Exit.OK
    for view in overview.connections:
        click.echo(_told(view))
    for name in held:
        click.echo(f'  Les envois de « {name} » sont suspendus : raccord outbox resume "{name}"')
    if not overview.connections:
        click.echo(overview.sentence)
    lines = table("Facture", "Destinataire", "État", "Statut Chorus Pro", "Déposée le")
    for one in found:
        whom = one.recipient_name or one.recipient_siret
        what = one.number or f"{one.filename} ({one.id})"
        lines.add_row(what, whom, one.state.label, label(one.platform_status), moment(one.created_at))
    show(lines)
    return Exit.CONNECTION_RED if red else Exit.OK


_COLOURS = {"vert": "green", "orange": "yellow", "rouge": "red"}


def _told(view: "LightView") -> str:
    """● Entreprise : Connexion avec Chorus Pro établie (mot de passe : 42 jours)."""
    days = "" if view.days_left is None or view.days_left < 0 else f" (mot de passe : {view.days_left} jours)"
    why = f"\n  {view.cause_sentence} [{view.cause.code}]" if view.cause else ""
    colour = _COLOURS.get(view.light.value)
    return click.style(f"● {view.label} : {view.sentence}", fg=colour, bold=True) + days + why


def _light_of(view: "LightView") -> dict[str, object]:
    return {
        "connection": view.label,
        "light": view.light.value,
        "cause": view.cause.code if view.cause else "",
        "expires_at": view.expires_at,
        "days_left": view.days_left,
    }
