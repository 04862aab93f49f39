"""`raccord outbox`: hold what leaves by a connection back, let it go on, take a deposit back."""

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, opened


@click.group()
def outbox() -> None:
    """Suspendre ou reprendre les envois, relever les statuts, annuler un dépôt avant son envoi."""


@outbox.command()
@click.argument("connection")
def pause(connection: str) -> int:
    """Suspendre les envois de CONNECTION : les factures déposées attendent."""
    with opened() as gateway:
        found = gateway.connections.find(connection)
        gateway.outbox.pause(found.id, ACTOR)
    click.echo(f"Les envois de « {found.label} » sont suspendus. Les factures déposées attendent, rien n’est perdu.")
    return Exit.OK


@outbox.command()
@click.argument("connection")
def resume(connection: str) -> int:
    """Reprendre les envois de CONNECTION."""
    with opened() as gateway:
        found = gateway.connections.find(connection)
        gateway.outbox.resume(found.id, ACTOR)
    click.echo(f"Les envois de « {found.label} » reprennent.")
    return Exit.OK


@outbox.command()
@click.argument("connection")
def refresh(connection: str) -> int:
    """Relever sans attendre les statuts de ce qui est parti par CONNECTION."""
    with opened() as gateway:
        found = gateway.connections.find(connection)
        gateway.follow.refresh(found.id, ACTOR)
        working = gateway.jobs.liveness.alive()
    click.echo(f"Les statuts de « {found.label} » sont demandés à Chorus Pro.")
    if not working:
        click.echo("Aucun service ne travaille : ils seront relevés au prochain démarrage (raccord serve).")
    return Exit.OK


@outbox.command()
@click.argument("deposit_id")
def cancel(deposit_id: str) -> int:
    """Annuler le dépôt DEPOSIT_ID tant qu’il n’est pas parti."""
    with opened() as gateway:
        taken_back = gateway.outbox.cancel(deposit_id, ACTOR)
    click.echo(f"{taken_back.number} : {taken_back.state.label}")
    return Exit.OK
