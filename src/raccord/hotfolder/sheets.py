"""What is written beside an invoice: the sheet of a program, the words of a person, a name that is free."""

from pathlib import Path
from typing import Any

from raccord.domain.deposit import Deposit
from raccord.domain.faults import Fault
from raccord.hotfolder.places import read_sheet


def free_name(folder: Path, name: str, digest: str) -> str:
    """The same name, unless another content has it already: then the name with the beginning of the digest."""
    for candidate in (name, _marked(name, digest)):
        told = read_sheet(folder / f"{candidate}.json").get("sha256")
        if told == digest or (told is None and not (folder / candidate).exists()):
            return candidate
    return _marked(name, digest)


def _marked(name: str, digest: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{digest[:8]}.{suffix}" if dot and stem else f"{name}-{digest[:8]}"


def beside(name: str, main: str, final: str) -> str:
    """The name that a companion takes when the main file, `main`, takes the name `final`."""
    stem, new = main.rpartition(".")[0] or main, final.rpartition(".")[0] or final
    return final if name == main else new + name[len(stem) :]


def facts_of(deposit: Deposit) -> dict[str, Any]:
    """The sheet of a deposit, the words of the domain in French."""
    return {
        "depot": deposit.id,
        "etat": deposit.state.value,
        "libelle_etat": deposit.state.label,
        "numero": deposit.number,
        "date": deposit.issue_date,
        "fournisseur": deposit.supplier_siret,
        "destinataire": deposit.recipient_siret,
        "montant_ttc": deposit.amount_total,
        "flux": deposit.numero_flux,
        "id_facture": deposit.id_facture,
        "statut_chorus": deposit.platform_status,
        "commentaire_chorus": deposit.platform_comment,
        "anomalies": [
            {"code": one.code, "gravite": one.severity.value, "chemin": one.path, "phrase": one.sentence,
             "remede": one.cure}
            for one in deposit.faults
        ],
    }  # fmt: skip


def words_of(name: str, faults: tuple[Fault, ...]) -> str:
    """What is wrong with an invoice, for the person who opens the file beside it."""
    lines = [f"{name} : cette facture n’est pas partie. Corrigez-la, puis remettez-la dans « a-deposer ».", ""]
    for fault in sorted(faults, key=lambda one: not one.is_error):
        lines.append(f"- {fault.severity.label} : {fault.sentence}")
        lines += [f"  À faire : {fault.cure}"] if fault.cure else []
        lines.append(f"  [{fault.code}]{' ' + fault.path if fault.path else ''}")
    return "\n".join(lines) + "\n"
