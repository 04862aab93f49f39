"""Every guess of the simulator, as a switch with its default, its reason and its source.

Where the public contract is silent the simulator must still answer: each such answer is one line here,
settable by `PUT /_control/switches`, and printed in COVERAGE.md so that nobody takes it for a fact.
Defaults: specifications/simulator-decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass

Value = bool | int | float | str
DECISIONS = "simulator-decisions.md"


@dataclass(frozen=True)
class Switch:
    """`mark` is the trust of the default (G guess, L measured, C1 one client, O official), see README.md."""

    name: str
    default: Value
    sentence: str
    source: str
    mark: str = "G"
    choices: tuple[Value, ...] = ()


SWITCHES: tuple[Switch, ...] = (
    Switch("jeton_duree", 3600, "Durée d’un jeton, en secondes.", "gateway-and-authentication.md §2", "L"),
    Switch(
        "jeton_erreur",
        "400",
        'Mauvais client_id ou client_secret : 400 et {"error":"invalid_client"} ; « description » ajoute '
        "error_description, « 401 » change le code HTTP.",
        f"{DECISIONS} §1",
        "L",
        ("400", "description", "401"),
    ),
    Switch(
        "compte_refuse_corps",
        "vide",
        "Corps du 401 quand le compte technique est refusé : vide, ou la phrase « … dans le LDAP » en JSON.",
        f"{DECISIONS} §1",
        "C1",
        ("vide", "ldap"),
    ),
    Switch(
        "chemin_inconnu", 403, "Code HTTP d’un chemin inconnu de la passerelle.", f"{DECISIONS} §1", "L", (403, 404)
    ),
    Switch("get_refuse", 403, "Code HTTP d’un GET sur une opération en POST.", f"{DECISIONS} §1", "G", (403, 405)),
    Switch(
        "json_illisible_corps",
        True,
        "Un JSON illisible reçoit {codeRetour, libelle} ; sinon un corps vide.",
        f"{DECISIONS} §1",
    ),
    Switch(
        "enumeration_inconnue",
        400,
        "Valeur hors énumération : HTTP 400 avec JSON, ou 200 avec un codeRetour.",
        f"{DECISIONS} §1",
        "G",
        (400, 200),
    ),
    Switch(
        "date_banc",
        False,
        "L’en-tête Date dit l’heure du banc même déplacée ; sinon il manque tant que l’horloge du banc est déplacée.",
        "diagnosis.md §1",
    ),
    Switch("health_check_compte", False, "health-check exige-t-il cpro-account ?", "gateway-and-authentication.md §8"),
    Switch(
        "raccordement_exige",
        True,
        "Un compte technique dont la structure n’est pas raccordée à l’application reçoit 403, corps vide.",
        "gateway-and-authentication.md §4",
        "C1",
    ),
    Switch(
        "quota_par_seconde", 0, "Appels par seconde et par application avant 429 ; 0 = pas de quota.", f"{DECISIONS} §1"
    ),
    Switch(
        "mot_de_passe_jours",
        365,
        "Vie d’un mot de passe de compte technique, en jours (424 selon une page officielle).",
        f"{DECISIONS} §2",
    ),
    Switch(
        "activation_minutes",
        0,
        "Délai d’activation d’un compte technique neuf, en minutes (30 disent deux sources).",
        f"{DECISIONS} §2",
    ),
    Switch("verrou_echecs", 0, "Échecs avant verrouillage d’un compte technique ; 0 = jamais.", f"{DECISIONS} §2"),
    Switch("verrou_minutes", 60, "Durée du verrouillage d’un compte, en minutes.", f"{DECISIONS} §2"),
    Switch(
        "mail_avec_mot_de_passe",
        False,
        "Le courriel de création ou de réinitialisation porte-t-il le mot de passe ?",
        f"{DECISIONS} §2",
    ),
    Switch(
        "expiration_lisible",
        True,
        "dateExpirationMotPasseCompteTech est remplie pour les structures du compte.",
        f"{DECISIONS} §2",
    ),
    Switch(
        "flux_delais",
        "0.1 0.1 0.1 0.1",
        "Secondes entre les états d’un flux : attente, reçu, traité, en cours, état final.",
        f"{DECISIONS} §3",
    ),
    Switch("flux_inconnu_code", 20000, "codeRetour pour un numeroFluxDepot inconnu.", f"{DECISIONS} §3"),
    Switch(
        "flux_libelle",
        "GCU_MSG_01_000",
        "Libellé de la réponse de deposer/flux.",
        f"{DECISIONS} §3",
        "C1",
        ("GCU_MSG_01_000", "TRA_MSG_00.000"),
    ),
    Switch("flux_mo", 30, "Taille maximale d’un flux décodé, en Mo ; au-delà 20001 GDP_MSG_11.022.", "flux.md §6", "O"),
    Switch(
        "fichier_mo",
        10,
        "Taille maximale d’un fichier dans un flux, d’un PDF déposé ou d’une pièce ajoutée, en Mo.",
        "flux.md §6",
        "C1",
    ),
    Switch("http_mo", 64, "Taille maximale d’une requête HTTP, en Mo ; au-delà 413.", f"{DECISIONS} §3"),
    Switch("telechargement_mo", 120, "Taille maximale d’un téléchargement, en Mo ; au-delà 413.", "flux.md §6", "O"),
    Switch("libelle_longueur", 200, "Longueur à laquelle libelleErreurDP est coupé.", f"{DECISIONS} §3", "C1"),
    Switch("libelle_sans_accent", False, "Les libellés de rejet perdent leurs accents.", f"{DECISIONS} §3"),
    Switch(
        "syntaxe_inconnue",
        400,
        "syntaxeFlux inconnue : HTTP 400 avec JSON, ou 200 avec un codeRetour.",
        f"{DECISIONS} §3",
        "G",
        (400, 200),
    ),
    Switch(
        "syntaxes_retirees", False, "Les syntaxes retirées (PES, xCBL, 13B, MUG) sont acceptées.", f"{DECISIONS} §3"
    ),
    Switch(
        "cadre_afnor",
        True,
        "Un cadre AFNOR (S1, S3, S6…) est lu comme le cadre historique voisin ; sinon il est rejeté (G1.02).",
        "flux.md §7, life-cycle.md §9",
    ),
    Switch(
        "siren_fournisseur",
        False,
        "Un fournisseur désigné par son seul SIREN est accepté si une seule structure le porte.",
        "flux.md §5",
        "C1",
    ),
    Switch("iban_exige", True, "Un virement sans IBAN est rejeté.", "flux.md §7", "C1"),
    Switch(
        "recherche_vide_fournisseur",
        0,
        "codeRetour d’une recherche sans résultat côté fournisseur.",
        f"{DECISIONS} §4",
        "G",
        (0, 20000),
    ),
    Switch(
        "resultats_maximum",
        200,
        "Plafond d’une recherche quand nbResultatsMaximum manque.",
        "api/conventions.md §6",
        "C1",
    ),
    Switch(
        "instants_utc",
        False,
        "Les instants sont écrits …Z ; sinon à l’heure de Paris avec leur décalage, comme les réponses réelles.",
        "api/conventions.md §4",
        "L",
    ),
    Switch(
        "services_qualification",
        True,
        "rechercher/demandePaiement et consulter/information/siret répondent aussi en qualification.",
        "gateway-and-authentication.md §5",
    ),
    Switch("recyclage", False, "A_RECYCLER est une cible permise, et recycler fonctionne.", f"{DECISIONS} §5"),
    Switch(
        "ordre_libre",
        False,
        "N’importe quel statut peut suivre n’importe quel autre, comme par EDI.",
        "life-cycle.md §4",
    ),
    Switch(
        "travaux_prise_en_compte",
        True,
        "Consulter une pièce de travaux à son bureau la fait passer à PRISE_EN_COMPTE_MOE ou PRISE_EN_COMPTE_MOA.",
        "api/factures-travaux.md §3",
    ),
    Switch("validation_tacite_jours", 15, "Jours avant l’accord tacite d’un valideur.", "life-cycle.md §5", "O"),
    Switch(
        "dates_saisie_api_500", True, "dateFacture envoyée en SAISIE_API provoque une erreur 500.", "saisie.md §4", "C1"
    ),
    Switch(
        "pivot_en_zip",
        False,
        "Le Contenu d’une pièce du pivot est un ZIP en base64, comme souvent en production.",
        "recipient.md §3",
        "C1",
    ),
)
BY_NAME = {switch.name: switch for switch in SWITCHES}


class Switches:
    """The present values, all at their defaults to begin with."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}
        self.reset()

    def on(self, name: str) -> bool:
        """The value of a yes-or-no switch. Raises `KeyError` for an unknown name, as the two below do."""
        return bool(self._values[name])

    def number(self, name: str) -> float:
        """The value of a numeric switch, in the unit its sentence says."""
        return float(self._values[name])

    def text(self, name: str) -> str:
        """The value of a switch of words."""
        return str(self._values[name])

    def set(self, name: str, value: Value) -> None:
        """Raises `ValueError` (French) on an unknown name, a wrong kind of value or one outside the choices."""
        switch = BY_NAME.get(name)
        if switch is None:
            raise ValueError(f"Réglage inconnu : {name}. Les noms sont donnés par GET /_control/switches.")
        if not _same_kind(switch.default, value):
            raise ValueError(f"{name} attend une valeur de la forme de {switch.default!r}.")
        if switch.choices and value not in switch.choices:
            raise ValueError(f"{name} : valeurs permises {', '.join(map(str, switch.choices))}.")
        self._values[name] = value

    def reset(self) -> None:
        """Every default again."""
        self._values = {switch.name: switch.default for switch in SWITCHES}

    def as_dict(self) -> dict[str, Value]:
        """Name to present value, a copy."""
        return dict(self._values)


def _same_kind(default: Value, value: object) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str)
