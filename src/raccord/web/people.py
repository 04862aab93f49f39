"""The names behind the actors of the journal (`user/<id>`, `key/<id>`, `cli`, `engine`)."""

from raccord.engine.gateway import Gateway


def names_of(gateway: Gateway) -> dict[str, str]:
    """Every known actor with the words that a person recognises."""
    persons = {f"user/{user.id}": user.name or user.email for user in gateway.users.all()}
    programs = {f"key/{key.id}": f"{key.label} (clé d’API)" for key in gateway.users.keys(None)}
    ours = {"cli": "Ligne de commande", "engine": "Raccord", "raccord": "Raccord", "hotfolder": "Dossier surveillé"}
    return {**persons, **programs, **ours}
