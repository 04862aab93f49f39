"""Mon Compte > pencil > Créer un utilisateur technique > recap: shown once, saved byte for byte."""

import random
from itertools import cycle

import pikepdf
from hypothesis import given
from hypothesis import strategies as st

from chorus_simulator import seeds
from chorus_simulator.portal.saved import Saved, as_pdf, as_text

ENTRY = f"/2016/structures/{seeds.TOWN}/utilisateur-technique"
LOGIN = f"TECH_{seeds.TOWN}@cpp2017.fr"


class Dictated(random.Random):
    """Chance that spells one password."""

    def __init__(self, password):
        super().__init__(0)
        self.letters = cycle(password)

    def choice(self, seq):
        return next(self.letters)

    def randrange(self, *args):
        return 0


def create(visitor, login=LOGIN, contact=""):
    visitor.get(ENTRY)
    return visitor.post(ENTRY, identifiant=login, contact=contact)


def test_the_account_works_with_the_password_of_the_recap_page(portal):
    recap = create(portal.visitor("town"))
    assert "Récapitulatif de création de compte utilisateur technique" in recap.text
    password = portal.shown_password(recap.text)
    assert portal.world.authenticate_technical(LOGIN, password) is not None


def test_the_page_names_the_login_the_structure_and_the_address_of_the_mail(portal):
    recap = create(portal.visitor("town"), contact="finances@val-fictif.example").text
    for words in (LOGIN, "COMMUNE DE VAL-FICTIF", "finances@val-fictif.example"):
        assert words in recap
    assert portal.world.mails[-1].to == "finances@val-fictif.example"


def test_the_sample_password_of_the_manual_survives_page_and_file(portal):
    portal.world.random = Dictated(seeds.MANUAL_OF_2016)
    visitor = portal.visitor("town")
    recap = create(visitor)
    assert portal.shown_password(recap.text) == "-shvun)en7jks0P"
    saved = visitor.post("/2016/sauvegarde", demande=_handle(recap.text), format="txt")
    assert saved.headers["content-disposition"] == f'attachment; filename="compte-technique-{seeds.TOWN}.txt"'
    assert b"\nMot de passe : -shvun)en7jks0P\n" in saved.content
    assert f"\nIdentifiant : {LOGIN}\n".encode() in saved.content


def _handle(text):
    return text.split('name="demande" value="')[1].split('"')[0]


def test_a_password_of_markup_is_shown_as_itself(portal):
    nasty = "<b>&amp;'\"`[:)-"
    portal.world.random = Dictated(nasty)
    recap = create(portal.visitor("town"))
    expected = nasty[:15]
    assert "<b>&amp;" not in recap.text
    assert portal.shown_password(recap.text) == expected


def test_the_password_is_shown_and_saved_by_nobody_else(portal):
    visitor = portal.visitor("town")
    recap = create(visitor)
    password, handle = portal.shown_password(recap.text), _handle(recap.text)
    pages = ("/mon-compte", f"/2016/structures/{seeds.TOWN}", f"{ENTRY}/{LOGIN}", "/raccordements/compte-technique")
    assert not any(password in visitor.get(page).text for page in pages)
    other = portal.visitor("agent")
    assert other.post("/2016/sauvegarde", demande=handle, format="txt").status_code == 403


def test_a_login_is_required_and_must_look_like_an_address(portal):
    visitor = portal.visitor("town")
    assert "Saisissez l’adresse électronique" in create(visitor, "").text
    assert "n’a pas la forme" in create(visitor, "sans-arobase").text
    assert create(visitor, "agent@val-fictif.example").status_code == 422


def test_a_reset_asks_before_it_acts(portal):
    login = f"TECH_1_{seeds.TOWN}@cpro.fr"
    visitor = portal.visitor("town")
    visitor.get(f"{ENTRY}/{login}")
    asked = visitor.post(f"{ENTRY}/{login}")
    assert "Confirmez-vous" in asked.text
    assert portal.world.authenticate_technical(login, "[Val)Fictif:9-bK") is not None
    recap = visitor.post(f"{ENTRY}/{login}", confirmation="oui")
    assert portal.world.authenticate_technical(login, portal.shown_password(recap.text)) is not None
    assert portal.world.authenticate_technical(login, "[Val)Fictif:9-bK") is None


def saved(password):
    return Saved("TECH_1@cpp2017.fr", password, "21970999400017", "COMMUNE DE VAL-FICTIF", None)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1))
def test_any_password_is_read_back_from_the_text_file(password):
    lines = as_text(saved(password)).decode().split("\n")
    assert lines[2] == f"Mot de passe : {password}"
    assert len(lines) == 6


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_any_generated_password_is_read_back_from_the_pdf(password):
    content = as_pdf(saved(password))
    with pikepdf.open(_file(content)) as pdf:
        drawn = [
            bytes(operands[0])
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "Tj"
        ]
    assert drawn[2] == f"Mot de passe : {password}".encode("cp1252")


def _file(content):
    from io import BytesIO

    return BytesIO(content)
