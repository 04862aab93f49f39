"""The control room in a browser: plain forms that do what the JSON orders do, and nothing else."""

import re

import pytest

FIRM, TOWN = "45251785100010", "21970999400017"
VIEWS = ("horloge", "comptes", "factures", "pannes", "choix", "registre", "courriels")


@pytest.fixture
def room(api):
    class Room:
        url = api.simulator.control_url

        def show(self, view):
            answer = api.http.get(f"{self.url}?vue={view}")
            assert answer.status_code == 200
            return answer.text

        def do(self, gesture, headers=None, **fields):
            return api.http.post(self.url, data={"geste": gesture, **fields}, headers=headers, follow_redirects=True)

    return Room()


def test_the_clock_is_moved_stopped_and_set(api, room):
    before = api.simulator.control.clock()["now"]
    answer = room.do("avancer", secondes="86400")
    assert "L’horloge a avancé." in answer.text
    assert api.simulator.control.clock()["now"][:10] > before[:10]
    room.do("regler", set="2027-01-01T00:00:00+01:00")
    room.do("arreter")
    assert api.simulator.control.clock() == {"now": "2026-12-31T23:00:00+00:00", "frozen": True, "speed": 1.0}
    wrong = room.do("regler", set="demain")
    assert (wrong.status_code, "doit être une heure ISO avec son fuseau" in wrong.text) == (400, True)


def test_an_account_expires_and_is_cured_by_hand(api, room):
    login = api.simulator.account(FIRM)["login"]
    room.do("expirer", login=login)
    assert "Mot de passe expiré" in room.show("comptes")
    assert api.call("transverses/v1/recuperer/tauxtva").status == 401
    room.do("mot-de-passe", login=login)
    fresh = next(a for a in api.simulator.control("GET", "/accounts") if a["login"] == login)
    assert fresh["password"] in room.show("comptes").replace("&gt;", ">").replace("&#39;", "'")
    unknown = room.do("expirer", login="personne")
    assert (unknown.status_code, "Compte technique inconnu : personne." in unknown.text) == (400, True)


def test_invoices_are_made_and_moved(api, room):
    room.do("fabriquer", destinataire=TOWN, fournisseur=FIRM, count="2", montantHT="10.00")
    page = room.show("factures")
    number = re.search(r'<td class="mono">(\d+)</td>', page).group(1)
    room.do("statut", id=number, statut="MANDATEE", mandat="M-1")
    assert api.history(int(number))[-1] == "MANDATEE"
    assert "Mandatée" in room.show("factures")


def test_a_fault_waits_then_strikes(api, room):
    room.do("panne", kind="503", pattern="*/recuperer/tauxtva", when="before", count="1", seconds="", retry_after="")
    assert "*/recuperer/tauxtva" in room.show("pannes")
    assert api.call("transverses/v1/recuperer/tauxtva").status == 503
    assert "Aucune panne en attente" in room.show("pannes")


def test_a_choice_is_changed_and_marked(api, room):
    room.do("choisir", nom="recyclage", valeur="true")
    room.do("choisir", nom="jeton_duree", valeur="60")
    assert api.ask_token().json()["expires_in"] == 60
    assert room.show("choix").count(">changé<") == 2
    refused = room.do("choisir", nom="jeton_duree", valeur="longtemps")
    assert (refused.status_code, "n’est pas un nombre" in refused.text) == (400, True)


def test_the_ledger_tells_deposits_calls_and_changes(api, room, invoices):
    flux = api.deposit(invoices.cii(numero="REG-1"))
    api.simulator.control.clock(advance=1)
    page = room.show("registre")
    assert flux in page
    assert "REG-1" in page
    assert "/cpro/factures/v1/deposer/flux" in page


def test_the_first_morning_comes_back(api, room):
    api.simulator.control.invoices(TOWN, numero="OUBLIEE")
    assert "Tout est comme au premier matin." in room.do("remettre").text
    assert api.simulator.control.factures("OUBLIEE") == []


def test_a_form_of_another_site_does_nothing(api, room):
    answer = room.do("arreter", headers={"Origin": "https://ailleurs.example"})
    assert (answer.status_code, "vient d’un autre site" in answer.text) == (400, True)
    assert room.do("inconnu").status_code == 400


def test_what_is_typed_is_shown_as_text(room):
    page = room.do("expirer", login="<script>alert(1)</script>").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_view_passes_axe_without_javascript_of_ours(api, room, browser, colours):
    from axe_playwright_python.sync_playwright import Axe

    api.simulator.control.invoices(TOWN, count=2)
    api.simulator.control.fault("503")
    page = browser.new_page(color_scheme=colours, bypass_csp=True)
    for view in VIEWS:
        page.goto(f"{room.url}?vue={view}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{view}: {found.generate_report()}"
    page.close()


@pytest.mark.browser
def test_on_a_narrow_screen_every_gesture_is_in_sight(api, room, browser):
    """Nobody scrolls sideways to find a button: a wide row becomes a block."""
    api.simulator.control.invoices(TOWN)
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for view in VIEWS:
        page.goto(f"{room.url}?vue={view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, view
        for button in page.locator("main button").all():
            place = button.bounding_box()
            assert place["x"] + place["width"] <= 360, (view, button.inner_text())
    page.close()


def test_what_may_be_typed_is_offered(api, room):
    """The paths that a fault may strike, and the invoices that a status may be given to, are there to choose."""
    (number,) = api.simulator.control.invoices(TOWN)
    assert '<option value="/cpro/factures/v1/deposer/flux">' in room.show("pannes")
    assert f'<option value="{number}">' in room.show("factures")
    assert "toutes les structures" in room.show("comptes")
    assert "COMMUNE DE VAL-FICTIF</td>" in room.show("comptes")
