"""The ladder: each rung isolates one cause, the first that fails decides, nothing is written at Chorus Pro.

configuration -> network and clock -> token -> account -> structures -> access by family -> expiry -> this machine.
"""

from raccord.doctor import reach, rungs
from raccord.doctor.notebook import Notebook
from raccord.doctor.patient import Patient, Tools
from raccord.domain.verdict import Verdict

_TITLES = {
    "network": "Réseau jusqu’à PISTE",
    "token": "Jeton PISTE (application)",
    "account": "Compte technique",
    "structures": "Structures du compte",
    "access": "API ouvertes",
    "expiry": "Échéance du mot de passe",
}


def examine(patient: Patient, tools: Tools, *, force: bool = False) -> Verdict:
    """Climb, and give the verdict. `force`: a person asks, so that a refused password may be tried once more."""
    notes = Notebook(tools.timer)
    _climb(patient, tools, notes, force=force)
    reached = {rung.name.partition("-")[0] for rung in notes.rungs}
    for name, title in _TITLES.items():
        if name not in reached:
            notes.skip(name, title)
    notes.rungs.extend(tools.local_checks())
    return notes.verdict(patient.connection.id, tools.clock())


def _climb(patient: Patient, tools: Tools, notes: Notebook, *, force: bool) -> None:
    if not rungs.configuration(patient, notes) or not rungs.network(patient, tools, notes):
        return
    with tools.open_client(patient.connection, patient.proofs) as client:
        if not rungs.token(patient, tools, notes, client):
            return
        if not rungs.account(patient, tools, notes, client, force=force):
            return
        found = reach.structures(patient, tools, notes, client)
        if reach.access(patient, tools, notes, client, found) and found:
            reach.expiry(patient, tools, notes, client, found)
