"""The buyer treats what it received, the validator decides, the supplier completes: by the rules of the API."""

from datetime import timedelta

from chorus_simulator import seeds

DESK = "/factures/recues"


def test_the_town_reads_and_mandates_an_invoice(portal):
    facture = portal.invoice("F-2026-001")
    visitor = portal.visitor("agent")
    assert "F-2026-001" in visitor.get(DESK).text
    assert "1\u00a0339,50\u00a0€" in visitor.get(f"{DESK}/{facture.id}").text
    portal.world.clock.advance(timedelta(minutes=5))
    visitor.post(f"{DESK}/{facture.id}", statut="MANDATEE", motif="", mandat="M-77")
    assert facture.statut == "MANDATEE"
    assert facture.numeroDPMandat == "M-77"
    assert (facture.historique[-1].prenom, facture.historique[-1].nom) == ("Luc", "TÉCHER")
    assert "Mandatée / DP validée" in portal.visitor("firm").get("/factures/emises").text


def test_a_rejection_or_a_suspension_needs_its_motif(portal):
    facture = portal.invoice("F-2026-002")
    visitor = portal.visitor("town")
    for statut in ("REJETEE", "SUSPENDUE"):
        visitor.get(f"{DESK}/{facture.id}")
        answer = visitor.post(f"{DESK}/{facture.id}", statut=statut, motif="   ")
        assert answer.status_code == 422
        assert "Indiquez le motif" in answer.text
    answer = visitor.post(f"{DESK}/{facture.id}", statut="REJETEE", motif="x" * 256)
    assert "256 caractères" in answer.text
    assert facture.statut == "MISE_A_DISPOSITION"


def test_a_final_status_leaves_nothing_to_choose(portal):
    facture = portal.invoice("F-2026-003")
    visitor = portal.visitor("town")
    visitor.get(f"{DESK}/{facture.id}")
    visitor.post(f"{DESK}/{facture.id}", statut="REJETEE", motif="Montant erroné")
    assert "Traiter la facture" not in visitor.get(f"{DESK}/{facture.id}").text
    assert visitor.post(f"{DESK}/{facture.id}", statut="MANDATEE").status_code == 422
    assert facture.statut == "REJETEE"


def test_a_suspended_invoice_is_completed_by_its_supplier_alone(portal):
    facture = portal.invoice("F-2026-004")
    portal.world.treat(facture, "SUSPENDUE", "agent@val-fictif.example", motif="Bon de livraison manquant")
    supplier = portal.visitor("firm")
    assert "Bon de livraison manquant" in supplier.get(f"/factures/emises/{facture.id}").text
    supplier.post(f"/factures/emises/{facture.id}", statut="COMPLETEE", motif="Bon joint")
    assert facture.statut == "COMPLETEE"
    assert portal.visitor("agent").get(f"/factures/emises/{facture.id}").status_code == 404


def test_an_invoice_of_others_does_not_exist(portal):
    facture = portal.invoice("F-2026-005")
    for who, path in (("firm", DESK), ("subcontractor", DESK), ("subcontractor", "/factures/emises")):
        assert portal.visitor(who).get(f"{path}/{facture.id}").status_code == 404
    assert portal.visitor("town").get(f"{DESK}/inconnue").status_code == 404
    assert portal.visitor("town").get(f"{DESK}/{facture.id}/pieces/7").status_code == 404


def test_the_original_is_downloaded_byte_for_byte(portal):
    facture = portal.invoice("F-2026-006")
    answer = portal.visitor("town").get(f"{DESK}/{facture.id}/pieces/0")
    assert answer.content == b"<facture/>"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_holder_of_the_contract_validates_its_subcontractor(portal):
    facture = portal.invoice("ST-2026-001", "A9", seeds.SUBCONTRACTOR)
    holder = portal.visitor("firm")
    assert "ST-2026-001" in holder.get("/factures/a-valider").text
    path = f"/factures/a-valider/{facture.id}"
    holder.get(path)
    assert holder.post(path, statut="REFUSEE_1", motif="").status_code == 422
    holder.post(path, statut="VALIDEE_1", motif="")
    assert [step.statut for step in facture.historique] == ["A_VALIDER_1", "VALIDEE_1", "MISE_A_DISPOSITION"]
    assert "ST-2026-001" in portal.visitor("town").get(DESK).text


def test_a_validator_who_is_not_the_right_one_says_so(portal):
    facture = portal.invoice("ST-2026-002", "A9", seeds.SUBCONTRACTOR)
    holder = portal.visitor("firm")
    path = f"/factures/a-valider/{facture.id}"
    holder.get(path)
    holder.post(path, statut="ERREUR_FOURNISSEUR_SUR_VALIDEUR", motif="")
    assert facture.statut == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    assert holder.post(path, statut="VALIDEE_1").status_code == 422


def test_the_supplier_deals_with_a_rejection_once(portal):
    facture = portal.invoice("F-2026-009")
    portal.world.treat(facture, "REJETEE", "agent@val-fictif.example", motif="Double facturation")
    path = f"/factures/emises/{facture.id}"
    visitor = portal.visitor("firm")
    assert "Double facturation" in visitor.get(path).text
    visitor.post(path, acte="traiter-rejet")
    assert "est traité" in visitor.last.text
    assert [action.code for action in facture.actions] == ["TRAITEMENT_REJET"]
    assert visitor.post(path, acte="traiter-rejet").status_code == 422
    assert len(facture.actions) == 1


def test_a_payment_that_the_recipient_does_not_report_is_told(portal):
    facture = portal.invoice("F-2026-007")
    portal.world.structure_of(seeds.TOWN).statutMiseEnPaiementNestPasRemonte = True
    visitor = portal.visitor("town")
    visitor.get(f"{DESK}/{facture.id}")
    answer = visitor.post(f"{DESK}/{facture.id}", statut="MISE_EN_PAIEMENT", motif="")
    assert "ne remonte pas la mise en paiement" in answer.text
    assert facture.statut == "MISE_A_DISPOSITION"


def test_lists_are_cut_into_pages_and_filtered(portal):
    for number in range(30):
        portal.invoice(f"F-{number:03d}")
    visitor = portal.visitor("town")
    assert "Page 1 sur 2" in visitor.get(DESK).text
    assert "Page 2 sur 2" in visitor.get(f"{DESK}?page=99").text
    only = visitor.get(f"{DESK}?numero=f-029").text
    assert "1 facture<" in only
    assert "0 facture<" in visitor.get(f"{DESK}?statut=REJETEE").text


def test_the_home_page_tells_the_latest_events(portal):
    visitor = portal.visitor("town")
    assert "Aucun fil d’événements trouvé." in visitor.get("/2016/accueil").text
    portal.invoice("F-2026-008")
    assert "Facture F-2026-008 : Mise à disposition du destinataire" in visitor.get("/2016/accueil").text
