"""Un consommateur de référence : prend les factures reçues une fois chacune, et range leurs documents.

    RACCORD_URL=https://raccord.exemple.fr RACCORD_CLE=rac_… python examples/consommateur.py factures/

Il n’emploie que la bibliothèque standard. L’ordre fait la promesse « chacune une fois » : lire, ranger, puis acquitter.
Arrêté n’importe où, il relit ce qu’il n’a pas acquitté et range au même endroit : rien ne manque, rien ne double.
"""

import json
import os
import re
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

NOM = os.environ.get("RACCORD_CONSOMMATEUR", "comptabilite")


def demander(chemin: str, corps: dict[str, Any] | None = None) -> bytes:
    """Une demande à l’API de Raccord."""
    adresse = f"{os.environ['RACCORD_URL'].rstrip('/')}/api/v1/{chemin}"
    entetes = {"Authorization": f"Bearer {os.environ['RACCORD_CLE']}", "Content-Type": "application/json"}
    if not adresse.startswith(("https://", "http://")):
        raise SystemExit("RACCORD_URL doit commencer par https:// (ou http:// sur cette machine).")
    donnees_envoyees = None if corps is None else json.dumps(corps).encode()
    demande = urllib.request.Request(adresse, donnees_envoyees, entetes)  # noqa: S310  (vérifié au-dessus)
    with urllib.request.urlopen(demande, timeout=60) as reponse:  # noqa: S310  (vérifié au-dessus)
        donnees: bytes = reponse.read()
    return donnees


def ranger(facture: dict[str, Any], dossier: Path) -> None:
    """Écrit les documents d’une facture, puis sa fiche : la fiche présente, la facture est entière."""
    place = dossier / str(facture["id"])
    place.mkdir(parents=True, exist_ok=True)
    for rang, document in enumerate(facture["documents"], 1):
        nom = re.sub(r"[^\w.-]+", "-", document["name"])
        (place / f"{rang}-{nom}").write_bytes(demander(f"receptions/{facture['id']}/documents/{document['sha256']}"))
    brouillon = place / ".facture.json"
    brouillon.write_text(json.dumps(facture, ensure_ascii=False, indent=2), encoding="utf-8")
    brouillon.replace(place / "facture.json")


def consommer(dossier: Path) -> int:
    """Prend tout ce qui attend ; donne le nombre de factures rangées."""
    rangees = 0
    while True:
        lot = json.loads(demander(f"consumers/{NOM}/receptions?limit=50"))
        if not lot["items"]:
            return rangees
        for facture in lot["items"]:
            ranger(facture, dossier)
        acquit = {"after": lot["after"], "through": lot["through"], "token": str(uuid.uuid4())}
        demander(f"consumers/{NOM}/ack", acquit)
        rangees += len(lot["items"])


if __name__ == "__main__":
    nombre = consommer(Path(sys.argv[1] if len(sys.argv) > 1 else "factures"))
    sys.stdout.write(f"{nombre} facture(s) rangée(s).\n")
