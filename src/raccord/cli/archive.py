"""`raccord archive`: verify every byte, give out a dossier, hold, destroy what the rule allows, seal the journal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, moment, opened, print_json, show, table

if TYPE_CHECKING:
    from raccord.engine.archiving import VerifyReport

_CONDITIONS = {"missing": "absent", "corrupt": "altéré"}
_CURE = """
À faire :
  1. Cherchez chaque fichier dans vos sauvegardes de l’archive, à la même place : {path} pour le premier.
  2. Remettez-le à cette place, par-dessus celui qui est altéré. Raccord recalcule son empreinte : il ne se servira que
     des octets d’origine, vous ne pouvez pas vous tromper de fichier.
  3. Relancez « raccord archive verify ».
Introuvable ? Le reste de la facture et les autres factures ne sont pas touchés ; le portail Chorus Pro garde la sienne,
et « raccord archive export » montre ce que Raccord en conserve."""
_BROKEN = """
Le journal a été modifié en dehors de Raccord. Gardez une copie de la base telle qu’elle est, restaurez la dernière
sauvegarde dans un autre dossier, et comparez avec « raccord events --verify » : ce qui précède reste intact."""


@click.group()
def archive() -> None:
    """Vérifier, exporter, geler ou détruire ce que Raccord conserve."""


@archive.command("verify")
@as_json
def verify(*, as_json: bool) -> int:
    """Relire tous les fichiers conservés et recalculer leurs empreintes, et celles du journal.

    Code de sortie 0 : tout est intact ; 1 : un fichier manque ou a été altéré, ou le journal est rompu.
    """
    with opened() as gateway, _progress(visible=not as_json) as progress:
        report = gateway.archiving.verify(ACTOR, progress)
    if as_json:
        print_json({"sound": report.sound, "checked": report.checked, "unexpected": report.unexpected,
                    "flaws": report.flaws, "journal": report.journal})  # fmt: skip
    else:
        _tell(report)
    return Exit.OK if report.sound else Exit.REFUSED


@contextmanager
def _progress(*, visible: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream, so that the answer stays alone on the output."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not visible) as bar:
        task = bar.add_task("Relecture des archives")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(report: "VerifyReport") -> None:
    for flaw in report.flaws:
        click.echo(f"{_CONDITIONS[flaw.condition.value]} : {flaw.sha256}  {', '.join(flaw.subjects)}")
    if not report.journal.intact:
        click.echo(f"Le journal est rompu à l’événement {report.journal.broken_at}.")
    if report.unexpected:
        click.echo(f"{report.unexpected} fichier(s) sans facture, laissés par une interruption : sans conséquence.")
    verdict = "tout est intact" if report.sound else f"{len(report.flaws)} en défaut"
    click.echo(f"{report.checked} fichier(s) relu(s), {verdict}.")
    if report.flaws:
        first = report.flaws[0].sha256
        click.echo(_CURE.format(path=f"{first[:2]}/{first[2:4]}/{first}"))
    if not report.journal.intact:
        click.echo(_BROKEN)


@archive.command("export")
@click.argument("subject")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(),
              help="Dossier où écrire le ZIP.")  # fmt: skip
@as_json
def export(subject: str, folder: Path, *, as_json: bool) -> int:
    """Écrire le dossier complet d’une facture, avec ses preuves.

    SUBJECT : reception/IDENTIFIANT ou deposit/IDENTIFIANT.
    """
    with opened() as gateway:
        made = gateway.archiving.dossier(subject, ACTOR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.name
    path.write_bytes(made.data)
    print_json({"file": str(path), "size": len(made.data)}) if as_json else click.echo(str(path))
    return Exit.OK


@archive.command("purge")
@click.option("--dry-run", is_flag=True, help="Montrer seulement ce qui serait détruit.")
@click.option("--yes", is_flag=True, help="Détruire sans demander confirmation.")
@click.option("--most", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Factures à la fois.")
@as_json
def purge(most: int, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Détruire les factures conservées plus longtemps que la règle (RACCORD_RETENTION_YEARS), sauf celles gelées."""
    with opened() as gateway:
        report = gateway.archiving.purge(ACTOR, dry_run=True, most=most)
        if not dry_run and report.items:
            if not yes:
                question = f"Détruire pour toujours les fichiers de {len(report.items)} facture(s) ?"
                click.confirm(question, abort=True, err=True)
            report = gateway.archiving.purge(ACTOR, dry_run=False, most=most)
    if as_json:
        print_json({"dry_run": dry_run, "before": report.limit_day, "items": report.items})
        return Exit.OK
    lines = table("Facture", "Tiers", "Conservée depuis", "Objet")
    for one in report.items:
        lines.add_row(one.number, one.party, moment(one.taken_at), one.subject)
    deed = "à détruire" if dry_run else "détruite(s)"
    show(lines if report.items else "Rien à détruire.")
    click.echo(f"{len(report.items)} facture(s) {deed}, prise(s) en charge avant le {report.limit_day}.")
    return Exit.OK


@archive.command("hold")
@click.argument("subject", required=False, default="")
@click.option("--reason", default="", help="Pourquoi la facture est gelée, par exemple un contentieux.")
@click.option("--lift", default="", metavar="GEL", help="Lever le gel de cet identifiant.")
@as_json
def hold(subject: str, reason: str, lift: str, *, as_json: bool) -> int:
    """Geler une facture : elle ne sera pas détruite. Sans argument, montrer les gels en cours."""
    with opened() as gateway:
        if lift:
            gateway.archiving.lift(lift, ACTOR)
        elif subject:
            gateway.archiving.hold(subject, reason, ACTOR)
        holds = gateway.archiving.holds()
    if as_json:
        print_json(list(holds))
        return Exit.OK
    lines = table("Gel", "Objet", "Motif", "Depuis", "Par")
    for one in holds:
        lines.add_row(one.id, one.subject, one.reason, moment(one.placed_at), one.author)
    show(lines if holds else "Aucune facture n’est gelée.")
    return Exit.OK


@archive.command("seal")
@as_json
def seal(*, as_json: bool) -> int:
    """Sceller le journal du jour, et le faire horodater si une autorité est réglée."""
    with opened() as gateway:
        done = gateway.archiving.seal()
        seals = gateway.archiving.seals(30)
    if as_json:
        shown = [{"day": one.day, "seq": one.seq, "hash": one.hash, "authority": one.authority,
                  "stamped_at": one.stamped_at} for one in seals]  # fmt: skip
        print_json(shown)
        return Exit.OK
    if done is None:
        click.echo("Le journal est vide : rien à sceller.")
    for one in seals:
        stamped = f"horodaté le {moment(one.stamped_at)}" if one.token else "sans horodatage"
        click.echo(f"{one.day:%d/%m/%Y}  n° {one.seq:<8} {one.hash}  {stamped}")
    return Exit.OK
