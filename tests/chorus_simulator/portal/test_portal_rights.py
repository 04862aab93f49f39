"""Only the main manager creates, resets and administers; the others are told who can."""

import pytest

from chorus_simulator import seeds

STRUCTURE = f"/2016/structures/{seeds.FIRM}"


def test_another_user_sees_the_structure_without_the_button(portal):
    text = portal.visitor("accountant").get(STRUCTURE).text
    assert "Utilisateurs rattachés à la structure" in text
    assert "Créer un utilisateur technique" not in text
    assert "adressez-vous à Élise HOARAU" in text


@pytest.mark.parametrize("path", ["", "/utilisateur-technique", f"/utilisateur-technique/TECH_1_{seeds.FIRM}@cpro.fr"])
def test_another_user_is_refused_whatever_the_address_typed(portal, path):
    visitor = portal.visitor("accountant")
    accounts = dict(portal.world.technical_accounts)
    answer = visitor.post(STRUCTURE + path, confirmation="oui", identifiant="TECH@intrus.example", ville="AILLEURS")
    assert answer.status_code == 403
    assert "Seul le gestionnaire principal" in answer.text
    assert portal.world.technical_accounts == accounts
    assert portal.world.structure_of(seeds.FIRM).adresse.ville == "SAINT-EXEMPLE"


def test_another_user_reads_the_list_of_2022_and_no_form(portal):
    visitor = portal.visitor("accountant")
    text = visitor.get("/raccordements/compte-technique").text
    assert f"TECH_1_{seeds.FIRM}@cpro.fr" in text
    assert 'name="type_demande"' not in text
    assert "seul le gestionnaire principal" in text
    choices = {"type_demande": "reinitialisation", "structure": seeds.FIRM, "compte": f"TECH_1_{seeds.FIRM}@cpro.fr"}
    answer = visitor.post("/raccordements/compte-technique", etape="continuer", **choices)
    assert portal.shown_password(answer.text) == ""


def test_whoever_is_not_attached_learns_nothing(portal):
    answer = portal.visitor("town").get(STRUCTURE)
    assert answer.status_code == 404
    assert "BÂTI-RÉUNION" not in answer.text


def test_the_menu_follows_the_spaces(portal):
    firm = portal.visitor("firm").get("/2016/accueil").text
    town = portal.visitor("town").get("/2016/accueil").text
    assert ">Factures reçues</a>" not in firm
    assert ">Factures reçues</a>" in town
    assert ">Activités du gestionnaire</a>" not in portal.visitor("agent").get("/2016/accueil").text


def test_a_space_is_added_once_and_enters_the_menu(portal):
    visitor = portal.visitor("firm")
    page = visitor.get("/2016/espaces").text
    assert "Factures reçues — BÂTI-RÉUNION DÉMO SARL" in page
    number = portal.world.structure_of(seeds.FIRM).idStructureCPP
    home = visitor.post("/2016/espaces", espace=f"{number} Factures reçues")
    assert ">Factures reçues</a>" in home.text
    assert visitor.post("/2016/espaces", espace=f"{number} Factures reçues").status_code == 403


def test_the_management_is_handed_over_with_the_contact_address(portal):
    visitor = portal.visitor("firm")
    visitor.get("/gestionnaire")
    number = portal.world.structure_of(seeds.FIRM).idStructureCPP
    visitor.post("/gestionnaire", cession=f"{number} comptable@bati-reunion.example")
    assert "cédée à Marc PAYET" in visitor.last.text
    assert "Créer un utilisateur technique" not in visitor.get(STRUCTURE).text
    assert "Créer un utilisateur technique" in portal.visitor("accountant").get(STRUCTURE).text
    account = portal.world.technical_accounts[f"TECH_1_{seeds.FIRM}@cpro.fr"]
    assert account.contact == "comptable@bati-reunion.example"


def test_personal_data_are_kept(portal):
    visitor = portal.visitor("firm")
    visitor.get("/mon-compte")
    visitor.post("/mon-compte", contact="elise@bati.example", nom="HOARAU", prenom="Élise", fax="0262 11 22 33")
    person = portal.world.persons["gestionnaire@bati-reunion.example"]
    assert (person.contact, person.adresse.fax, person.notifications) == ("elise@bati.example", "0262 11 22 33", False)
    assert visitor.post("/mon-compte", contact="pas une adresse", nom="X", prenom="Y").status_code == 422
    assert person.nom == "HOARAU"


def test_a_request_to_support_is_seen_by_its_author_alone(portal):
    visitor = portal.visitor("firm")
    visitor.get("/sollicitations")
    assert visitor.post("/sollicitations", objet="", texte="").status_code == 422
    visitor.post("/sollicitations", objet="Compte <bloqué>", texte="Merci de m’aider.")
    assert "Compte &lt;bloqué&gt;" in visitor.last.text
    assert "bloqué&gt;" not in portal.visitor("accountant").get("/sollicitations").text


def test_the_directory_says_what_a_structure_demands(portal):
    visitor = portal.visitor("firm")
    text = visitor.get(f"/annuaire?identifiant={seeds.WITH_BOTH}").text
    assert "Code service et numéro d’engagement" in text
    assert "0 structure publique trouvée" in visitor.get(f"/annuaire?identifiant={seeds.FIRM}").text
