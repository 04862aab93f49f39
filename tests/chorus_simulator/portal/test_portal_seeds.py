"""Every item of the two help pages at the origin of the project, found in a browser under its id.

A stage is a walk through the portal, made once, without JavaScript; a seed says at which stage its element
stands, marked `data-graine`, and what it must say. `docs/reference/graines.md` lists the same ids.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from chorus_simulator import seeds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
PARIS = ZoneInfo("Europe/Paris")
FIRM = ("gestionnaire@bati-reunion.example", "Batisseur-974!")
TOWN = ("gestionnaire@val-fictif.example", "Mairie-974!")
AGENT = ("agent@val-fictif.example", "Agent-974!")
OLD_ACCOUNT = f"TECH_{seeds.FIRM}@pp2017.fr"
NEW_ACCOUNT = f"TECH_{seeds.TOWN}@cpp2017.fr"


Opening = Callable[[], AbstractContextManager[Any]]


class Dictated(random.Random):
    """Chance that spells the password of the manual."""

    def __init__(self, password: str) -> None:
        super().__init__(0)
        self.letters = cycle(password)

    def choice(self, seq):
        return next(self.letters)

    def randrange(self, *args):
        return 0


class Walk:
    """One person's browser on the portal; the links and buttons are found by their labels."""

    def __init__(self, page: Page, base: str, world: object) -> None:
        self.page, self.base, self.world = page, base, world

    def sign_in(self, who: tuple[str, str], last_login: datetime | None = None) -> None:
        if last_login is not None:
            self.world.persons[who[0]].last_login = last_login
        self.page.goto(self.base)
        self.page.get_by_label("Identifiant de connexion").fill(who[0])
        self.page.get_by_label("Mot de passe").fill(who[1])
        self.press("Se connecter")

    def follow(self, label: str) -> None:
        self.page.get_by_role("link", name=label).first.click()

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).first.click()


def sign_in_page(walk: Walk) -> None:
    walk.page.goto(walk.base)


def home_2022(walk: Walk) -> None:
    walk.sign_in(FIRM)


def raccordements(walk: Walk) -> None:
    home_2022(walk)
    walk.follow("Raccordements")


def form(walk: Walk) -> None:
    account = walk.world.technical_accounts[OLD_ACCOUNT]
    account.expires_at = datetime(2023, 8, 7, 8, 29, 58, tzinfo=PARIS)
    account.created_at = datetime(2022, 8, 7, 8, 29, 58, tzinfo=PARIS)
    account.modified_at = datetime(2022, 8, 20, 17, 10, 6, tzinfo=PARIS)
    raccordements(walk)
    walk.follow("Compte technique")


def chosen(walk: Walk, kind: str) -> None:
    form(walk)
    walk.page.get_by_label("Type de demande *").select_option(label=kind)
    walk.press("Continuer")
    walk.page.get_by_label("Choisir la structure *").select_option(seeds.FIRM)
    walk.press("Continuer")


def structure_chosen(walk: Walk) -> None:
    chosen(walk, "Réinitialisation du mot de passe d’un compte technique")


def administration(walk: Walk) -> None:
    chosen(walk, "Administration ou modification d’un compte technique")
    walk.page.get_by_label("Compte technique *").select_option(label=f"TECH_{seeds.FIRM}")
    walk.press("Continuer")


def password_shown(walk: Walk) -> None:
    structure_chosen(walk)
    walk.page.get_by_label("Compte technique *").select_option(label=f"TECH_{seeds.FIRM}")
    walk.press("Continuer")


def mails(walk: Walk) -> None:
    password_shown(walk)
    walk.press("Soumettre")
    walk.follow("Courriels envoyés")


def home_2016(walk: Walk) -> None:
    walk.sign_in(TOWN)
    walk.follow("2016 à 2022")


def my_account(walk: Walk) -> None:
    home_2016(walk)
    walk.follow("Mon Compte")


def structure(walk: Walk) -> None:
    my_account(walk)
    walk.follow("Modifier la structure COMMUNE DE VAL-FICTIF")


def structure_of_another(walk: Walk) -> None:
    walk.sign_in(AGENT)
    walk.follow("2016 à 2022")
    walk.follow("Mon Compte")
    walk.follow("Modifier la structure COMMUNE DE VAL-FICTIF")


def entry(walk: Walk) -> None:
    walk.sign_in(TOWN, datetime(2016, 12, 19, 15, 44, 35, tzinfo=PARIS))
    walk.follow("2016 à 2022")
    walk.follow("Mon Compte")
    walk.follow("Modifier la structure COMMUNE DE VAL-FICTIF")
    walk.follow("Créer un utilisateur technique")


def recap(walk: Walk) -> None:
    walk.world.random = Dictated(seeds.MANUAL_OF_2016)
    walk.sign_in(TOWN, datetime(2016, 12, 20, 9, 29, 56, tzinfo=PARIS))
    walk.page.goto(f"{walk.base}2016/structures/{seeds.TOWN}/utilisateur-technique")
    walk.press("Créer l’utilisateur technique")


def outbox(walk: Walk) -> None:
    recap(walk)
    walk.follow("Courriels envoyés")


def help_page(walk: Walk) -> None:
    walk.sign_in(FIRM)
    walk.follow("Aide en ligne")


def question(walk: Walk) -> None:
    walk.sign_in(FIRM)
    walk.page.get_by_label("Besoin d’aide ? Posez-moi vos questions").fill("réinitialiser mot de passe")
    walk.press("Demander")


@dataclass(frozen=True)
class Seed:
    """Where the element of a seed stands and what it must hold: words, and one control for a field."""

    stage: Callable[[Walk], None]
    words: tuple[str, ...]
    control: str = ""


def seed(stage: Callable[[Walk], None], *words: str, control: str = "") -> Seed:
    return Seed(stage, words, control)


INPUT, SELECT, CHECKBOX = "input:not([type=hidden])", "select", "input[type=checkbox]"
SEEDS = {
    "S1-15": seed(password_shown, "Réinitialiser le mot de passe du compte technique"),
    "S1-16": seed(home_2022, "Bonjour Élise HOARAU"),
    "S1-17": seed(home_2022, "Raccordements"),
    "S1-18": seed(raccordements, "Raccordements"),
    "S1-19": seed(raccordements, "Compte technique"),
    "S1-20": seed(form, "Compte technique"),
    "S1-21": seed(form, "Gérer un compte technique nécessaire pour les appels en mode API."),
    "S1-22": seed(
        form,
        "Attention, le compte technique ne sert que pour les appels des API, il ne sert pas à l'utilisateur pour "
        "la création des tickets.",
    ),
    "S1-23": seed(form, "Type de demande *", control=SELECT),
    "S1-24": seed(form, "Réinitialisation du mot de passe d'un compte technique"),
    "S1-25": seed(form, "Administration ou modification d'un compte technique"),
    "S1-26": seed(structure_chosen, "Choisir la structure *", seeds.FIRM, control=SELECT),
    "S1-27": seed(structure_chosen, "Raison sociale", control="input[value='BÂTI-RÉUNION DÉMO SARL']"),
    "S1-28": seed(structure_chosen, "Compte technique *", control=SELECT),
    "S1-29": seed(structure_chosen, "Type de demande *", "Choisir la structure *", "Raison sociale"),
    "S1-30": seed(administration, "Mot de passe", "*****"),
    "S1-31": seed(password_shown, "Copiez ce mot de passe maintenant", control="code#mot-de-passe"),
    "S1-32": seed(password_shown, "Soumettre"),
    "S1-33": seed(mails, "Réinitialisation du mot de passe de votre compte technique", OLD_ACCOUNT),
    "S1-34": seed(form, "Liste des comptes techniques"),
    "S1-35": seed(form, "ID d'utilisateur"),
    "S1-36": seed(form, "État"),
    "S1-37": seed(form, "Identifiant de l'organisation"),
    "S1-38": seed(form, "Date exp. Mot de passe"),
    "S1-39": seed(form, "Contact"),
    "S1-40": seed(form, "Creation"),
    "S1-41": seed(form, "Modification"),
    "S1-42": seed(form, "45251785100010"),
    "S1-43": seed(structure_chosen, "TECH_45251785100010", control="option"),
    "S1-44": seed(form, "TECH_45251785100010@pp2017.fr"),
    "S1-45": seed(form, "ACTIF"),
    "S1-46": seed(form, "07/08/2023 08:29:58", "07/08/2022 08:29:58", "20/08/2022 17:10:06"),
    "S2-04": seed(structure_of_another, "Seul le gestionnaire principal", "Nadia FONTAINE"),
    "S2-05": seed(recap, "Copiez le login et le mot de passe dans un fichier", "la procédure sera à refaire"),
    "S2-06": seed(outbox, "le mot de passe n'est pas envoyé par courriel"),
    "S2-07": seed(sign_in_page, "Connexion à Chorus Pro", control="input[type=password]"),
    "S2-08": seed(home_2016, "Chorus Pro", "Nadia FONTAINE", control="svg"),
    "S2-09": seed(home_2016, "Déconnexion"),
    "S2-10": seed(home_2016, "Accueil connecté"),
    "S2-11": seed(home_2016, "Activités du gestionnaire"),
    "S2-12": seed(home_2016, "Factures reçues"),
    "S2-13": seed(home_2016, "Factures à valider"),
    "S2-14": seed(home_2016, "Factures émises"),
    "S2-15": seed(home_2016, "Sollicitations émises"),
    "S2-16": seed(home_2016, "Mon Compte"),
    "S2-17": seed(home_2016, "Fil d'événements", "Actualités"),
    "S2-18": seed(home_2016, "Fil d'événements"),
    "S2-19": seed(home_2016, "Aucun fil d'événements trouvé."),
    "S2-20": seed(home_2016, "Mes espaces"),
    "S2-21": seed(home_2016, "+ Ajouter un espace"),
    "S2-22": seed(home_2016, "Actualités"),
    "S2-23": seed(home_2016, "Mise en place d'un support téléphonique"),
    "S2-24": seed(home_2016, "Rechercher une structure publique"),
    "S2-25": seed(home_2016, "Rechercher structure publique"),
    "S2-26": seed(my_account, "Mon Compte"),
    "S2-27": seed(my_account, "Mes informations personnelles"),
    "S2-28": seed(my_account, "Informations générales"),
    "S2-29": seed(my_account, "Identifiant de connexion", control=INPUT),
    "S2-30": seed(my_account, "Adresse électronique de contact", control=INPUT),
    "S2-31": seed(my_account, "Nom", control=INPUT),
    "S2-32": seed(my_account, "Prénom", control=INPUT),
    "S2-33": seed(my_account, "Adresse postale"),
    "S2-34": seed(my_account, "Adresse", control=INPUT),
    "S2-35": seed(my_account, "Complément adresse 1", control=INPUT),
    "S2-36": seed(my_account, "Complément adresse 2", control=INPUT),
    "S2-37": seed(my_account, "Code postal", control=INPUT),
    "S2-38": seed(my_account, "Ville", control=INPUT),
    "S2-39": seed(my_account, "Pays", control=INPUT),
    "S2-40": seed(my_account, "Téléphone", control=INPUT),
    "S2-41": seed(my_account, "Fax", control=INPUT),
    "S2-42": seed(my_account, "Mes paramètres"),
    "S2-43": seed(my_account, "Date de création"),
    "S2-44": seed(my_account, "Date de réactivation"),
    "S2-45": seed(my_account, "Date de désactivation"),
    "S2-46": seed(my_account, "Etat du compte", "ACTIF"),
    "S2-47": seed(my_account, "Langue", "FR"),
    "S2-48": seed(my_account, "Date de modification"),
    "S2-49": seed(my_account, "Recevoir des notifications", control=CHECKBOX),
    "S2-50": seed(my_account, "Mes rattachements aux structures"),
    "S2-51": seed(my_account, "✎"),
    "S2-52": seed(structure, "Modification d'une structure"),
    "S2-53": seed(structure, "Utilisateurs rattachés à la structure"),
    "S2-54": seed(structure, "Créer un utilisateur technique"),
    "S2-55": seed(entry, "Saisie utilisateur technique"),
    "S2-56": seed(entry, "Chorus Pro"),
    "S2-57": seed(entry, "Aide en ligne"),
    "S2-58": seed(question, "Besoin d'aide ? Posez-moi vos questions", "Demander", "réponse"),
    "S2-59": seed(entry, "Dernière connexion le 19 décembre 2016 15:44:35"),
    "S2-60": seed(entry, "Nadia FONTAINE", "Déconnexion"),
    "S2-61": seed(entry, "Informations générales"),
    "S2-62": seed(entry, "Adresse électronique de connexion * :", control="input[aria-required=true]"),
    "S2-63": seed(entry, "Adresse électronique de contact :", control=INPUT),
    "S2-64": seed(entry, "Créer l'utilisateur technique"),
    "S2-65": seed(recap, "Récapitulatif de création de compte utilisateur technique"),
    "S2-66": seed(
        recap,
        "Accueil connecté",
        "Activités du gestionnaire",
        "Factures émises",
        "Sollicitations émises",
        "Mon Compte",
    ),
    "S2-67": seed(recap, "Dernière connexion le 20 décembre 2016 09:29:56"),
    "S2-68": seed(
        recap,
        f"Vous venez de créer avec succès le compte utilisateur technique {NEW_ACCOUNT} pour la structure "
        "COMMUNE DE VAL-FICTIF",
    ),
    "S2-69": seed(recap, "Ce compte a été créé avec le mot de passe :"),
    "S2-70": seed(recap, "-shvun)en7jks0P"),
    "S2-71": seed(
        recap, f"Vous allez recevoir un mail d'information de cette action à l'adresse {TOWN[0]}", control="strong"
    ),
    "S2-72": seed(
        recap,
        "Vous pouvez sauvegarder les informations de connexion de l'utilisateur technique en cliquant sur le bouton "
        "d'à côté.",
    ),
    "S2-73": seed(recap, NEW_ACCOUNT),
}


@pytest.fixture(scope="module")
def stages(browser: Browser, opening: Opening) -> Iterator[Callable[[Callable[[Walk], None]], Page]]:
    """Gives the page at the end of a walk; each walk is made once, in a portal of its own."""
    pages: dict[Callable[[Walk], None], Page] = {}
    with ExitStack() as stack:

        def reach(stage: Callable[[Walk], None]) -> Page:
            if stage not in pages:
                portal = stack.enter_context(opening())
                context: BrowserContext = browser.new_context(java_script_enabled=False, locale="fr-FR")
                stack.callback(context.close)
                walk = Walk(context.new_page(), portal.base, portal.world)
                stage(walk)
                pages[stage] = walk.page
            return pages[stage]

        yield reach


def test_the_save_button_gives_the_file_to_the_browser(browser, opening):
    with opening() as portal:
        context = browser.new_context(java_script_enabled=False, accept_downloads=True)
        walk = Walk(context.new_page(), portal.base, portal.world)
        recap(walk)
        with walk.page.expect_download() as download:
            walk.press("Sauvegarder (texte)")
        saved = download.value.path().read_bytes()
        context.close()
    assert f"Identifiant : {NEW_ACCOUNT}\nMot de passe : -shvun)en7jks0P\n".encode() in saved


def plain(text: str) -> str:
    """Typography aside: apostrophes, non-breaking spaces, runs of blanks."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").split())


@pytest.mark.parametrize("number", SEEDS)
def test_the_portal_shows(number, stages):
    wanted = SEEDS[number]
    page = stages(wanted.stage)
    marked = page.locator(f'[data-graine~="{number}"]')
    assert marked.count(), f"{number} n’est pas sur {page.url}"
    holder = marked.first if wanted.stage not in (mails, outbox) else page.locator("main")
    said = plain(" ".join(marked.all_text_contents()) + " " + (holder.text_content() or ""))
    for words in wanted.words:
        assert plain(words) in said
    if wanted.control:
        assert marked.locator(wanted.control).count()
