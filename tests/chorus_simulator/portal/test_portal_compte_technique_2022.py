"""Raccordements > Compte technique: the password shown before « Soumettre » opens nothing until then."""

import pytest

from chorus_simulator import seeds

PATH = "/raccordements/compte-technique"
ACCOUNT = f"TECH_1_{seeds.FIRM}@cpro.fr"
RESET = {"type_demande": "reinitialisation", "structure": seeds.FIRM, "compte": ACCOUNT}


def accepted(portal, password, login=ACCOUNT):
    return portal.world.authenticate_technical(login, password) is not None


def offered(portal, visitor, **choices):
    """Walk to the point where the password is shown; the password and the handle of the form."""
    visitor.get(PATH)
    text = visitor.post(PATH, etape="continuer", **choices).text
    handle = text.split('name="demande" value="')[1].split('"')[0]
    return portal.shown_password(text), handle


def test_each_choice_feeds_the_next(portal):
    visitor = portal.visitor("firm")
    assert 'name="structure"' not in visitor.get(PATH).text
    step = visitor.post(PATH, type_demande="reinitialisation", etape="continuer").text
    assert 'name="structure"' in step
    assert 'name="compte"' not in step
    step = visitor.post(PATH, type_demande="reinitialisation", structure=seeds.FIRM, etape="continuer").text
    assert "BÂTI-RÉUNION DÉMO SARL" in step
    assert f">TECH_1_{seeds.FIRM}</option>" in step
    assert portal.shown_password(step) == ""


def test_the_password_shown_is_valid_only_after_soumettre(portal):
    visitor = portal.visitor("firm")
    password, handle = offered(portal, visitor, **RESET)
    assert len(password) == 15
    assert not accepted(portal, password)
    assert accepted(portal, seeds.MANUAL_OF_2016)
    done = visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    assert "a été réinitialisé" in done.text
    assert accepted(portal, password)
    assert not accepted(portal, seeds.MANUAL_OF_2016)


def test_closing_the_page_before_soumettre_leaves_the_old_password(portal):
    visitor = portal.visitor("firm")
    password, _ = offered(portal, visitor, **RESET)
    visitor.get("/accueil")
    assert not accepted(portal, password)
    assert accepted(portal, seeds.MANUAL_OF_2016)


def test_the_password_is_shown_once(portal):
    visitor = portal.visitor("firm")
    password, handle = offered(portal, visitor, **RESET)
    done = visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    later = [done.text] + [visitor.get(page).text for page in (PATH, "/courriels", f"/2016/structures/{seeds.FIRM}")]
    assert not any(password in page for page in later)


def test_soumettre_without_a_password_shown_changes_nothing_and_offers_one(portal):
    visitor = portal.visitor("firm")
    visitor.get(PATH)
    answer = visitor.post(PATH, etape="soumettre", **RESET)
    assert answer.status_code == 422
    assert "rien n’a changé" in answer.text
    assert portal.shown_password(answer.text)
    assert accepted(portal, seeds.MANUAL_OF_2016)


def test_a_form_submitted_twice_does_not_reset_twice(portal):
    visitor = portal.visitor("firm")
    password, handle = offered(portal, visitor, **RESET)
    visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    again = visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    assert again.status_code == 422
    assert accepted(portal, password)


def test_of_two_pages_open_the_one_submitted_wins(portal):
    visitor = portal.visitor("firm")
    first, handle = offered(portal, visitor, **RESET)
    second, _ = offered(portal, visitor, **RESET)
    visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    assert accepted(portal, first)
    assert not accepted(portal, second)


def test_the_handle_of_another_visitor_is_worth_nothing(portal):
    _, handle = offered(portal, portal.visitor("firm"), **RESET)
    other = portal.visitor("firm")
    other.get(PATH)
    assert other.post(PATH, etape="soumettre", demande=handle, **RESET).status_code == 422
    assert accepted(portal, seeds.MANUAL_OF_2016)


@pytest.mark.parametrize("switch", [False, True])
def test_the_mail_holds_the_password_only_when_the_switch_says_so(portal, switch):
    portal.world.switches.set("mail_avec_mot_de_passe", switch)
    visitor = portal.visitor("firm")
    password, handle = offered(portal, visitor, **RESET)
    visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
    mail = portal.world.mails[-1]
    assert mail.to == "gestionnaire@bati-reunion.example"
    assert (password in mail.body) is switch
    assert mail.subject in portal.visitor().get("/courriels").text.replace("&#39;", "'")


def test_a_creation_makes_the_account_at_soumettre_with_the_password_shown(portal):
    visitor = portal.visitor("firm")
    login = f"TECH_2_{seeds.FIRM}@cpro.fr"
    choices = {"type_demande": "creation", "structure": seeds.FIRM}
    password, handle = offered(portal, visitor, **choices)
    assert login in visitor.last.text
    assert login not in portal.world.technical_accounts
    done = visitor.post(
        PATH,
        etape="soumettre",
        demande=handle,
        structure_choisie=seeds.FIRM,
        identifiant=login,
        contact="",
        **choices,
    )
    assert f"Le compte technique {login} a été créé" in done.text
    assert accepted(portal, password, login)
    assert portal.world.technical_accounts[login].contact == "gestionnaire@bati-reunion.example"


def test_a_login_already_taken_is_refused_beside_its_field(portal):
    visitor = portal.visitor("firm")
    visitor.get(PATH)
    answer = visitor.post(
        PATH,
        etape="continuer",
        type_demande="creation",
        structure=seeds.FIRM,
        structure_choisie=seeds.FIRM,
        identifiant=ACCOUNT,
        contact="",
    )
    assert answer.status_code == 422
    assert "existe déjà" in answer.text
    assert portal.shown_password(answer.text) == ""


def test_an_administration_changes_the_contact_and_masks_the_password(portal):
    visitor = portal.visitor("firm")
    visitor.get(PATH)
    choices = {**RESET, "type_demande": "administration"}
    assert "*****" in visitor.post(PATH, etape="continuer", **choices).text
    visitor.post(PATH, etape="soumettre", compte_choisi=ACCOUNT, contact="compta@bati-reunion.example", **choices)
    assert portal.world.technical_accounts[ACCOUNT].contact == "compta@bati-reunion.example"
    assert accepted(portal, seeds.MANUAL_OF_2016)


def test_the_list_has_its_seven_columns_and_dates_to_the_second(portal):
    text = portal.visitor("firm").get(PATH).text
    head = text.split("<thead>")[1].split("</thead>")[0]
    columns = [cell.split("</th>")[0] for cell in head.split(">") if "</th" in cell]
    assert [c.removesuffix("</th") for c in columns] == [
        "ID d’utilisateur",
        "État",
        "Identifiant de l’organisation",
        "Date exp. Mot de passe",
        "Contact",
        "Creation",
        "Modification",
    ]
    assert "22/10/2026 13:00:00" in text


def test_another_persons_structure_or_account_is_not_offered(portal):
    visitor = portal.visitor("firm")
    visitor.get(PATH)
    town = {"type_demande": "reinitialisation", "structure": seeds.TOWN, "compte": f"TECH_1_{seeds.TOWN}@cpro.fr"}
    answer = visitor.post(PATH, etape="soumettre", **town)
    assert "Choisissez la structure" in answer.text
    crossed = visitor.post(PATH, etape="soumettre", **{**town, "structure": seeds.FIRM})
    assert "Choisissez le compte technique" in crossed.text
    assert accepted(portal, "[Val)Fictif:9-bK", f"TECH_1_{seeds.TOWN}@cpro.fr")
