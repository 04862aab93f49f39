"""`raccord webhook`: list, create, test, replay, stop and forget webhooks."""

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json, show, table


@click.group()
def webhook() -> None:
    """Prévenir d’autres programmes de ce qui se passe."""


@webhook.command("list")
@as_json
def every(*, as_json: bool) -> int:
    """Montrer les webhooks et leur état."""
    with opened() as gateway:
        found = gateway.webhooks.all()
    if as_json:
        print_json(list(found))
        return Exit.OK
    lines = table("Nom", "Adresse", "Événements", "État", "Identifiant")
    for one in found:
        state = "actif" if one.active else f"arrêté : {one.stopped_because or 'par une personne'}"
        lines.add_row(one.label, one.url, ", ".join(one.kinds), state, one.id)
    show(lines)
    return Exit.OK


@webhook.command("create")
@click.argument("label")
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, default=("deposit", "reception"), help="Famille ou événement précis.")
@as_json
def create(label: str, url: str, kinds: tuple[str, ...], *, as_json: bool) -> int:
    """Créer le webhook LABEL vers URL ; sa clé de signature n’est montrée qu’une fois."""
    from raccord.engine.webhooks import NewWebhook

    with opened() as gateway:
        made = gateway.webhooks.create(NewWebhook(label, url, kinds), ACTOR)
    if as_json:
        print_json({"id": made.webhook.id, "secret": made.secret.reveal()})
    else:
        click.echo(f"Webhook {made.webhook.id}\nClé de signature, à copier maintenant : {made.secret.reveal()}")
    return Exit.OK


@webhook.command("test")
@click.argument("webhook_id")
@as_json
def test(webhook_id: str, *, as_json: bool) -> int:
    """Appeler l’adresse maintenant, et dire ce qu’elle répond."""
    with opened() as gateway:
        one = gateway.webhooks.test(webhook_id, ACTOR)
    words = f"{'Reçu' if one.delivered else 'Non reçu'} : réponse {one.status or 'absente'} {one.answer}".rstrip()
    print_json(one) if as_json else click.echo(words)
    return Exit.OK if one.delivered else Exit.REFUSED


@webhook.command("replay")
@click.argument("webhook_id")
@click.argument("after", type=click.IntRange(min=0))
def replay(webhook_id: str, after: int) -> int:
    """Redire tous les événements qui suivent le numéro AFTER."""
    with opened() as gateway:
        gateway.webhooks.replay(webhook_id, after, ACTOR)
    return Exit.OK


@webhook.command("renew")
@click.argument("webhook_id")
@click.option(
    "--keep-hours", type=click.IntRange(0, 168), default=24, show_default=True,
    help="Heures pendant lesquelles l’ancienne clé signe aussi.",
)  # fmt: skip
@as_json
def renew(webhook_id: str, keep_hours: int, *, as_json: bool) -> int:
    """Changer la clé de signature ; la nouvelle n’est montrée qu’une fois."""
    from datetime import timedelta

    with opened() as gateway:
        made = gateway.webhooks.renew_secret(webhook_id, ACTOR, timedelta(hours=keep_hours))
    if as_json:
        print_json({"id": webhook_id, "secret": made.secret.reveal(), "former_until": made.webhook.former_until})
    else:
        click.echo(f"Nouvelle clé de signature, à copier maintenant : {made.secret.reveal()}")
    return Exit.OK


@webhook.command("delete")
@click.argument("webhook_id")
def delete(webhook_id: str) -> int:
    """Oublier un webhook, sa clé et son journal."""
    with opened() as gateway:
        gateway.webhooks.delete(webhook_id, ACTOR)
    return Exit.OK
