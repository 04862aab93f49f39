"""« Aide en ligne » and « Posez-moi vos questions »: a handful of answers, found by their words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from starlette.responses import Response

from chorus_simulator.portal.desk import Page, Visit


@dataclass(frozen=True)
class Answer:
    """One answer of the help: its title, its lines, and the `path` of the screen that does it, if there is one."""

    title: str
    lines: tuple[str, ...]
    path: str = ""
    link: str = ""
    seeds: str = ""


ANSWERS = (
    Answer(
        "Réinitialiser le mot de passe du compte technique sur Chorus",
        (
            "Sur la page d’accueil, cliquez sur « Raccordements », puis sur « Compte technique ».",
            "Choisissez le type de demande « Réinitialisation du mot de passe d’un compte technique », le SIRET "
            "de l’entreprise, la raison sociale, puis le compte technique.",
            "Un nouveau mot de passe apparaît : copiez-le, puis cliquez sur « Soumettre » afin qu’il soit bien "
            "associé au compte technique. Sans cela, l’ancien reste valable.",
        ),
        "/raccordements/compte-technique",
        "Ouvrir l’écran du compte technique",
        "S1-15",
    ),
    Answer(
        "Créer un compte technique",
        (
            "Le compte technique doit être créé par le gestionnaire principal de la structure.",
            "Dans « Mon Compte », cadre « Mes rattachements aux structures », cliquez sur le crayon, puis sur "
            "« Créer un utilisateur technique ».",
            "Copiez le login et le mot de passe dans un fichier : ils ne seront plus jamais affichés.",
        ),
        "/mon-compte",
        "Ouvrir Mon Compte",
        "S2-04",
    ),
    Answer(
        "À quoi sert le compte technique ?",
        (
            "Il permet à un logiciel d’appeler les API de Chorus Pro au nom de la structure.",
            "Il ne permet pas de se connecter à ce portail, ni de créer des tickets.",
        ),
        seeds="S1-22",
    ),
    Answer(
        "Traiter une facture reçue",
        (
            "Ouvrez la facture dans « Factures reçues », choisissez le nouveau statut et validez.",
            "Un motif est obligatoire pour suspendre ou rejeter une facture. Le numéro de mandat accompagne le "
            "statut Mandatée.",
        ),
        "/factures/recues",
        "Ouvrir les factures reçues",
    ),
    Answer(
        "Connexion refusée ou bloquée",
        ("Après cinq mots de passe erronés, le compte est bloqué pendant une heure, puis se débloque tout seul.",),
    ),
    Answer(
        "Joindre le support téléphonique",
        ("Dans ce simulateur, personne ne décroche : émettez une sollicitation, elle restera dans la liste.",),
        "/sollicitations",
        "Ouvrir les sollicitations",
    ),
)


def show(visit: Visit) -> Response:
    """The help, searched by the words of `question`; everything when nothing is asked."""
    question = visit.asked("question")[:200]
    return visit.render("help.html", question=question, entries=_matching(question))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _matching(question: str) -> list[Answer]:
    """The answers holding at least one long word of the question, all of them without one; best first."""
    asked = {word for word in _plain(question).replace("’", " ").replace("'", " ").split() if len(word) > 3}
    if not asked:
        return [] if question else list(ANSWERS)
    scored = [(sum(word in _plain(" ".join((a.title, *a.lines))) for word in asked), a) for a in ANSWERS]
    return [answer for score, answer in sorted(scored, key=lambda pair: -pair[0]) if score]


PAGES = (Page("/aide", show, public=True),)
