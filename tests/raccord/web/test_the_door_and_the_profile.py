"""At the door and in the profile: what is mistyped is told beside its field, what is lost is given anew."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from raccord.domain.roles import Role

NEW = "encore une phrase longue"


def _secret_shown(visitor: Any) -> str:
    return str(visitor.page.xpath("//p[contains(., 'saisissez ce secret')]/code")[0].text_content())


def _beside(visitor: Any, field: str) -> str:
    found = visitor.page.xpath(f"//*[@id='{field}']/ancestor::div[contains(@class, 'field')]")
    return " ".join(found[0].text_content().split())


def test_a_changed_password_keeps_this_session_and_says_so(office: Any) -> None:
    here, elsewhere = office.visitor(Role.LECTEUR), office.visitor(Role.LECTEUR)
    here.open("profil").send("/profil/mot-de-passe", ancien=office.password, nouveau=NEW)
    assert here.status == 200
    assert "vos autres sessions sont fermées" in here.text
    assert elsewhere.open("depots").address.endswith("/connexion?suite=/depots")


def test_a_wrong_present_password_is_told_beside_its_own_field(office: Any) -> None:
    reader = office.visitor(Role.LECTEUR)
    reader.open("profil").send("/profil/mot-de-passe", ancien="faux", nouveau=NEW)
    assert "n’est pas celui-ci" in _beside(reader, "ancien")
    assert "n’est pas celui-ci" not in _beside(reader, "nouveau")
    reader.open("profil").send("/profil/mot-de-passe", ancien=office.password, nouveau="court")
    assert "trop facile à deviner" in _beside(reader, "nouveau")


@pytest.mark.parametrize("typed", ["１２３４５６", "é", "000000"])
def test_a_code_mistyped_is_refused_politely_and_the_drawing_stays(office: Any, typed: str) -> None:
    reader = office.visitor(Role.LECTEUR)
    reader.open("profil").send("/profil/second-facteur")
    secret = _secret_shown(reader)
    reader.send("/profil/second-facteur/confirmer", code=typed)
    assert reader.status == 400
    assert "Ce code n’est pas le bon." in _beside(reader, "code")
    assert _secret_shown(reader) == secret, "the telephone already holds the first drawing"
    reader.send("/profil/second-facteur/confirmer", code=pyotp.TOTP(secret).at(office.hours()))
    assert reader.status == 200
    assert "Le second facteur est actif." in reader.text


def test_the_page_of_the_door_says_the_same_of_a_locked_account_and_of_nobody(office: Any) -> None:
    known = office.user(Role.LECTEUR).email
    told = {}
    for email in (known, "personne@exemple.fr"):
        stranger = office.visitor()
        for _ in range(6):
            stranger.open("connexion").send("/connexion", email=email, mot_de_passe="faux")
        told[email] = (stranger.status, _without_seals(stranger.text).replace(email, ""))
    assert told[known] == told["personne@exemple.fr"]


def _without_seals(text: str) -> str:
    return re.sub(r'name="_csrf_token" value="[^"]+"', "", text)


def test_the_page_of_a_forgotten_password_says_the_same_to_everybody(office: Any) -> None:
    told = set()
    for email in (office.user(Role.LECTEUR).email, "personne@exemple.fr"):
        stranger = office.visitor()
        stranger.open("mot-de-passe-oublie").send("/mot-de-passe-oublie", email=email)
        told.add((stranger.status, _without_seals(stranger.text)))
    assert len(told) == 1


def test_signing_in_gives_a_new_session_and_ends_the_one_before(office: Any) -> None:
    """A session laid in the browser beforehand is never the one that opens."""
    reader = office.visitor(Role.LECTEUR)
    before = reader.http.cookies["raccord_session"]
    seal = re.search(r'name="_csrf_token" value="([^"]+)"', reader.open("profil").text)
    assert seal
    identity = {"email": office.user(Role.COMPTABLE).email, "mot_de_passe": office.password}
    reader.http.post(f"{office.url}/connexion", data={"_csrf_token": seal[1], **identity})
    after = reader.http.cookies["raccord_session"]
    assert after != before
    assert office.gateway.users.session(before) is None
    assert office.gateway.users.session(after).user.role is Role.COMPTABLE


def test_a_superviseur_gives_a_link_to_whoever_lost_password_or_invitation(office: Any) -> None:
    boss, reader = office.visitor(Role.SUPERVISEUR), office.user(Role.LECTEUR)
    boss.open("utilisateurs").send(f"/utilisateurs/{reader.id}/lien")
    link = boss.read("lien")
    assert link.startswith(f"{office.url}/nouveau-mot-de-passe/")
    assert link not in boss.open("utilisateurs").text, "shown once"
    path = link.removeprefix(f"{office.url}/")
    stranger = office.visitor()
    stranger.open(path).send("/" + path, mot_de_passe=NEW)
    assert "Votre mot de passe est changé" in stranger.text
    stranger.send("/connexion", email=reader.email, mot_de_passe=NEW)
    assert stranger.address == f"{office.url}/"


def test_a_superviseur_lets_in_again_somebody_who_lost_the_telephone(office: Any) -> None:
    reader = office.user(Role.LECTEUR)
    secret = office.gateway.users.totp_begin(reader.id).secret.reveal()
    office.gateway.users.totp_confirm(reader.id, pyotp.TOTP(secret).at(office.hours()))
    stranger = office.visitor()
    stranger.open("connexion").send("/connexion", email=reader.email, mot_de_passe=office.password)
    assert "code à six chiffres" in stranger.text
    boss = office.visitor(Role.SUPERVISEUR)
    boss.open("utilisateurs").send(f"/utilisateurs/{reader.id}/second-facteur/retirer")
    stranger.open("connexion").send("/connexion", email=reader.email, mot_de_passe=office.password)
    assert stranger.address == f"{office.url}/"


def test_a_superviseur_does_not_take_off_the_own_second_factor_without_a_code(office: Any) -> None:
    boss = office.visitor(Role.SUPERVISEUR)
    me = office.user(Role.SUPERVISEUR)
    secret = office.gateway.users.totp_begin(me.id).secret.reveal()
    token = boss.http.cookies["raccord_session"]
    office.gateway.users.totp_confirm(me.id, pyotp.TOTP(secret).at(office.hours()), session=token)
    boss.open("utilisateurs")
    assert f"/utilisateurs/{me.id}/second-facteur/retirer" not in boss.text
    seal = re.search(r'name="_csrf_token" value="([^"]+)"', boss.text)
    assert seal
    forged = boss.http.post(f"{office.url}/utilisateurs/{me.id}/second-facteur/retirer", data={"_csrf_token": seal[1]})
    assert forged.status_code == 403
    assert office.gateway.users.get(me.id).totp_enabled


def test_somebody_who_left_is_closed_then_erased(office: Any) -> None:
    boss, reader = office.visitor(Role.SUPERVISEUR), office.user(Role.LECTEUR)
    boss.open("utilisateurs").send(f"/utilisateurs/{reader.id}", role="lecteur", actif="non")
    boss.open("utilisateurs").send(f"/utilisateurs/{reader.id}/effacer")
    assert boss.status == 200
    assert reader.email not in boss.open("utilisateurs").text
    assert reader.email not in boss.open("journal").text


@pytest.mark.parametrize("fields", [{"role": "roi", "actif": "oui"}, {}])
def test_a_form_written_by_hand_breaks_nothing(office: Any, fields: dict[str, str]) -> None:
    boss, reader = office.visitor(Role.SUPERVISEUR), office.user(Role.LECTEUR)
    seal = re.search(r'name="_csrf_token" value="([^"]+)"', boss.open("utilisateurs").text)
    assert seal
    for path in (f"utilisateurs/{reader.id}", f"options/parametres/systeme/chorus-pro/{office.connect().id}"):
        answer = boss.http.post(f"{office.url}/{path}", data={"_csrf_token": seal[1], **fields})
        assert answer.status_code < 500, path
    assert office.gateway.users.get(reader.id).role is Role.LECTEUR
