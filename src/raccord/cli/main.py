"""`raccord`: finds the command, runs it, and turns whatever goes wrong into a sentence and an exit code."""

import errno
import importlib
import os
import sys
from collections.abc import Sequence

import click
from click.exceptions import NoArgsIsHelpError

from raccord.cli import terminal
from raccord.cli.exits import MEANINGS, Exit, exit_of
from raccord.cli.french import FrenchContext, spoken
from raccord.cli.usage import sentence_of
from raccord.domain.errors import RaccordError
from raccord.domain.machine import why

COMMANDS: dict[str, str] = {
    "demo": "raccord.cli.demo.command",
    "simulator": "raccord.cli.simulator",
    "serve": "raccord.cli.serve",
    "worker": "raccord.cli.serve",
    "init": "raccord.cli.init",
    "connect": "raccord.cli.connect",
    "doctor": "raccord.cli.doctor",
    "deposit": "raccord.cli.deposit",
    "check": "raccord.cli.check",
    "convert": "raccord.cli.convert",
    "answer": "raccord.cli.answer",
    "outbox": "raccord.cli.outbox",
    "status": "raccord.cli.status",
    "retrieve": "raccord.cli.retrieve",
    "directory": "raccord.cli.directory",
    "events": "raccord.cli.events",
    "export": "raccord.cli.export",
    "digest": "raccord.cli.digest",
    "folder": "raccord.cli.folder",
    "webhook": "raccord.cli.webhook",
    "search": "raccord.cli.search",
    "archive": "raccord.cli.archive",
    "accounts": "raccord.cli.accounts",
    "user": "raccord.cli.user",
    "key": "raccord.cli.key",
    "backup": "raccord.cli.backup",
    "restore": "raccord.cli.backup",
    "reconcile": "raccord.cli.reconcile",
    "settings": "raccord.cli.settings",
}
"""Each command and the module that holds it, imported only when asked for."""

_HELP: dict[str, str] = {
    "demo": "Raconter toute l’histoire avec un Chorus Pro simulé.",
    "simulator": "Démarrer le simulateur de Chorus Pro.",
    "serve": "Démarrer la passerelle : écrans, API et moteur.",
    "worker": "Démarrer un moteur de plus, sans écran.",
    "init": "Préparer le dossier de données et le premier Superviseur.",
    "connect": "Créer ou modifier une connexion à Chorus Pro, et la tester.",
    "doctor": "Dire ce qui ne va pas dans une connexion, et comment le réparer.",
    "deposit": "Déposer des factures sur Chorus Pro.",
    "check": "Contrôler des factures sans rien envoyer.",
    "convert": "Écrire une facture dans un autre format, avec la liste des pertes.",
    "answer": "Répondre au destinataire : compléter une facture suspendue, clore un rejet.",
    "outbox": "Suspendre ou reprendre les envois, annuler un dépôt.",
    "status": "Dire où en sont les dépôts.",
    "retrieve": "Récupérer les factures reçues.",
    "directory": "Chercher une structure publique ; tenir l’annuaire à jour.",
    "events": "Lire le journal.",
    "export": "Écrire les factures ou leurs écritures pour un tableur.",
    "digest": "Le récapitulatif quotidien des factures en retard.",
    "folder": "Regarder dans le dossier surveillé.",
    "webhook": "Prévenir d’autres programmes de ce qui se passe.",
    "search": "Chercher une facture par l’un de ses mots.",
    "archive": "Vérifier, exporter, geler ou détruire ce que Raccord conserve.",
    "accounts": "Importer des comptes techniques, suivre leurs échéances.",
    "user": "Voir, inviter ou dépanner les utilisateurs.",
    "key": "Créer et révoquer les clés d’API ; changer la clé du coffre.",
    "backup": "Sauvegarder tout Raccord dans un fichier.",
    "restore": "Reprendre une sauvegarde dans une base neuve.",
    "reconcile": "Demander à Chorus Pro ce que Raccord ne sait pas, après une restauration.",
    "settings": "Montrer les réglages, secrets masqués.",
}


class Commands(click.Group):
    """A group whose commands are imported one by one, and whose help needs none of them."""

    context_class = FrenchContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of their help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        found = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(found, click.Command)
        return spoken(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of `raccord --help`, from lines kept here so that nothing is imported."""
        with formatter.section("Commandes"):
            formatter.write_dl(list(_HELP.items()))
        with formatter.section("Codes de sortie"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in MEANINGS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="raccord", message="%(prog)s %(version)s")
def cli() -> None:
    """Raccord, la passerelle libre entre vos logiciels et Chorus Pro."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: runs and exits with a code of `Exit`; no trace is shown for what a person can mend."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    terminal.make_plain()
    paper = sys.stdout
    try:
        answer = cli.main(arguments, standalone_mode=False)
        terminal.flush()
    except SystemExit:
        if sys.stdout is not paper:  # click puts a silent one in its place when nobody reads any more: no failure
            return Exit.OK
        raise
    except (KeyboardInterrupt, click.Abort):
        return tell("Interrompu.", Exit.INTERRUPTED)
    except Exception as error:  # whatever went wrong, a person reads a sentence and a script a code
        return _failed(error)
    return answer if isinstance(answer, int) else Exit.OK


def _failed(error: Exception) -> Exit:
    if isinstance(error, RaccordError):
        return tell(error.words, exit_of(error), error.code)
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return Exit.USAGE
    if isinstance(error, click.ClickException):
        return tell(sentence_of(error), Exit.USAGE)
    if isinstance(error, BrokenPipeError):
        terminal.forget_output()
        return Exit.OK
    return tell(_of_the_machine(error), Exit.UNAVAILABLE) if isinstance(error, OSError) else _defect(error)


def _defect(error: Exception) -> Exit:
    if os.environ.get("RACCORD_TRACE"):
        raise error
    sentence = f"Erreur inattendue de Raccord ({type(error).__name__}). Rien de ce qui était enregistré n’est perdu."
    return tell(f"{sentence} Recommencez avec RACCORD_TRACE=1 pour en voir la trace.", Exit.UNAVAILABLE)


def tell(sentence: str, code: Exit, name: str = "") -> Exit:
    """Say what went wrong on the error stream, and give the exit code back."""
    click.echo(click.style(sentence, fg="red") + (f" [{name}]" if name else ""), err=True)
    return code


def _of_the_machine(error: OSError) -> str:
    where = f" « {error.filename} »" if error.filename else ""
    cures = {
        errno.EACCES: "Donnez-en le droit à l’utilisateur qui lance Raccord, ou choisissez un autre dossier.",
        errno.ENOSPC: "Libérez de la place, puis recommencez.",
        errno.EROFS: "Choisissez un dossier où écrire.",
        errno.ENOENT: "Vérifiez son nom.",
        errno.ECONNREFUSED: "Vérifiez que le programme à joindre est démarré.",
    }
    cure = cures.get(error.errno or 0, "Corrigez-en la cause, puis recommencez.")
    return f"La machine a refusé une opération{where} : {why(error)}. {cure}"
