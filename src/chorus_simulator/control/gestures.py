"""The forms of the control room's page: each becomes the order that a program would have sent.

A gesture reads text fields and calls the very handlers of the JSON endpoints, so that the page can do nothing that
a test cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chorus_simulator.control import invoices, people, time
from chorus_simulator.control.room import Order
from chorus_simulator.switches import BY_NAME, Value

Form = Mapping[str, str]
Body = dict[str, Any]


@dataclass(frozen=True)
class Gesture:
    """`view` is the page that shows it, `done` what is said afterwards; `body` turns the form into the order's body,
    `part` names the field that goes into the path."""

    view: str
    done: str
    handler: Callable[[Order], object]
    body: Callable[[Form], Body] = lambda _: {}
    part: str = ""

    def act(self, order: Order, form: Form) -> None:
        """Raises `LookupError` and `ValueError` (French) as the handlers do."""
        parts = {self.part: form.get(self.part, "")} if self.part else {}
        self.handler(replace(order, parts=parts, body=self.body(form)))


def _number(form: Form, name: str, label: str) -> float:
    try:
        return float(form.get(name, "").replace(",", "."))
    except ValueError:
        raise ValueError(f"« {label} » doit être un nombre.") from None


def _filled(form: Form, *names: str) -> Body:
    return {name: form[name].strip() for name in names if form.get(name, "").strip()}


def _fault(form: Form) -> Body:
    body: Body = _filled(form, "kind", "pattern", "when", "damage")
    body["count"] = int(_number(form, "count", "Nombre d’appels"))
    for name, label in (("seconds", "Durée"), ("retry_after", "Retry-After")):
        if form.get(name, "").strip():
            body[name] = _number(form, name, label)
    for name, label in (("most", "Factures par téléchargement"), ("facture", "Facture touchée")):
        if form.get(name, "").strip():
            body[name] = int(_number(form, name, label))
    return body


def _invoices(form: Form) -> Body:
    return {
        **_filled(form, "destinataire", "fournisseur", "montantHT"),
        "count": int(_number(form, "count", "Combien")),
    }


def _switch(form: Form) -> Body:
    name = form.get("nom", "")
    return {name: _value(BY_NAME[name].default if name in BY_NAME else "", form.get("valeur", "").strip())}


def _value(default: Value, text: str) -> Value:
    """The text of a form in the kind of the default."""
    if isinstance(default, bool):
        return text == "true"
    if isinstance(default, int | float):
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            raise ValueError(f"« {text} » n’est pas un nombre.") from None
    return text


GESTURES = {
    "avancer": Gesture(
        "horloge", "L’horloge a avancé.", time.turn_clock, lambda f: {"advance": _number(f, "secondes", "Secondes")}
    ),
    "regler": Gesture("horloge", "L’horloge est réglée.", time.turn_clock, lambda f: _filled(f, "set")),
    "arreter": Gesture("horloge", "L’horloge est arrêtée.", time.turn_clock, lambda _: {"freeze": True}),
    "repartir": Gesture("horloge", "L’horloge marche.", time.turn_clock, lambda _: {"freeze": False}),
    "vitesse": Gesture(
        "horloge",
        "La vitesse de l’horloge est changée.",
        time.turn_clock,
        lambda f: {"speed": _number(f, "vitesse", "Vitesse")},
    ),
    "expirer": Gesture(
        "comptes",
        "Le mot de passe a expiré avant la date annoncée, comme après une réinitialisation faite ailleurs. Pour une "
        "expiration à sa date, avancez l’horloge jusqu’à cette date.",
        people.expire,
        part="login",
    ),
    "verrouiller": Gesture("comptes", "Le compte est verrouillé pour une heure.", people.lock, part="login"),
    "deverrouiller": Gesture("comptes", "Le compte est déverrouillé et actif.", people.unlock, part="login"),
    "mot-de-passe": Gesture("comptes", "Le compte a un nouveau mot de passe.", people.password, part="login"),
    "revoquer": Gesture(
        "comptes",
        "L’application est révoquée : ses jetons ne valent plus rien.",
        people.change_application,
        lambda _: {"active": False},
        "client_id",
    ),
    "retablir": Gesture(
        "comptes", "L’application est rétablie.", people.change_application, lambda _: {"active": True}, "client_id"
    ),
    "panne": Gesture("pannes", "La panne attend son appel.", time.add_fault, _fault),
    "refuser": Gesture(
        "pannes",
        "Le port se ferme.",
        time.refuse,
        lambda f: {"seconds": _number(f, "seconds", "Durée")},
    ),
    "oublier": Gesture("pannes", "Les pannes sont oubliées.", time.clear_faults),
    "fabriquer": Gesture("factures", "Les factures sont faites.", invoices.make_invoices, _invoices),
    "statut": Gesture(
        "factures",
        "La facture a son nouveau statut.",
        invoices.set_status,
        lambda f: _filled(f, "statut", "motif", "mandat"),
        "id",
    ),
    "choisir": Gesture("choix", "Le choix est pris en compte.", time.set_switches, _switch),
    "remettre": Gesture("horloge", "Tout est comme au premier matin.", time.reset),
}
