"""Who enters the portal, who does not, and what a stolen form is worth."""

from datetime import timedelta

from chorus_simulator import seeds


def test_a_person_enters_and_leaves(portal):
    visitor = portal.visitor("firm")
    assert "Élise HOARAU" in visitor.last.text
    visitor.post("/deconnexion")
    assert "Vous êtes déconnecté." in visitor.last.text
    assert visitor.get("/accueil").url.path.endswith("/connexion")


def test_the_page_asked_for_opens_after_the_sign_in(portal):
    visitor = portal.visitor()
    visitor.get("/raccordements/compte-technique")
    answer = visitor.post(
        "/connexion",
        identifiant="gestionnaire@bati-reunion.example",
        mot_de_passe="Batisseur-974!",
        suite="/raccordements/compte-technique",
    )
    assert answer.url.path.endswith("/raccordements/compte-technique")


def test_the_sign_in_never_sends_to_another_site(portal):
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        visitor = portal.visitor()
        visitor.get("/connexion")
        answer = visitor.post(
            "/connexion",
            identifiant="gestionnaire@bati-reunion.example",
            mot_de_passe="Batisseur-974!",
            suite=elsewhere,
        )
        assert answer.url.path == "/portail/accueil"


def test_a_technical_account_cannot_enter_even_with_its_password(portal):
    visitor = portal.visitor()
    visitor.get("/connexion")
    answer = visitor.post("/connexion", identifiant=f"TECH_1_{seeds.FIRM}@cpro.fr", mot_de_passe=seeds.MANUAL_OF_2016)
    assert answer.status_code == 403
    assert "ne sert que pour les appels des API" in answer.text
    assert visitor.get("/accueil").url.path.endswith("/connexion")


def test_five_failures_lock_for_one_hour_of_the_simulated_clock(portal):
    visitor = portal.visitor()
    for _ in range(5):
        visitor.sign_in("firm", "faux")
    assert "bloqué" in visitor.last.text
    assert "21/11/2026 13:00:00" in visitor.last.text
    assert visitor.sign_in("firm").status_code == 403
    portal.world.clock.advance(timedelta(hours=1))
    assert visitor.sign_in("firm").status_code == 200


def test_signing_in_changes_the_cookie(portal):
    visitor = portal.visitor()
    visitor.get("/connexion")
    before = visitor.http.cookies["portail_session"]
    visitor.sign_in("firm")
    after = visitor.http.cookies["portail_session"]
    assert before != after
    stranger = portal.visitor()
    stranger.http.cookies.set("portail_session", before, path="/portail/")
    assert stranger.get("/accueil").url.path.endswith("/connexion")


def test_the_cookie_is_out_of_reach_of_scripts_and_pages_are_not_kept(portal):
    answer = portal.visitor().http.get("connexion")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_form_without_its_token_changes_nothing(portal):
    visitor = portal.visitor("firm")
    login = f"TECH_{seeds.FIRM}@volee.example"
    path = f"2016/structures/{seeds.FIRM}/utilisateur-technique"
    for token in ({}, {"jeton": "deviné"}):
        answer = visitor.http.post(path, data={**token, "identifiant": login})
        assert answer.status_code == 403
        assert "Rien n’a été enregistré" in answer.text
    assert login not in portal.world.technical_accounts


def test_the_last_visit_is_dated_in_full_french(portal):
    portal.visitor("firm")
    portal.world.clock.advance(timedelta(days=1))
    assert "Dernière connexion le 21 novembre 2026 12:00:00" in portal.visitor("firm").last.text


def test_an_unknown_page_is_a_page(portal):
    answer = portal.visitor("firm").get("/nulle/part")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
