"""OpenAPI of what the bench serves: the API of Chorus Pro as simulated, and the control room.

Both come from the tables that serve them. The first is no official contract: fields are those that the simulator
reads, answers are described by their envelope (specifications/api/conventions.md §7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from chorus_simulator.control.reading import schema_of
from chorus_simulator.control.room import Endpoint
from chorus_simulator.gateway import OAUTH_PATH
from chorus_simulator.operations import Operation
from chorus_simulator.surface import OPERATIONS

ENVELOPE = {
    "type": "object",
    "required": ["codeRetour", "libelle"],
    "properties": {"codeRetour": {"type": "integer"}, "libelle": {"type": "string"}},
}
REFUSALS = {
    "400": "Requête malformée : codeRetour et libelle, ou corps vide si le jeton manque.",
    "401": "Jeton ou compte technique refusé.",
    "403": "Famille non souscrite, CGU non acceptées, raccordement absent, chemin ou méthode inconnus.",
    "404": "Objet inconnu de l’annuaire.",
    "413": "Requête ou réponse trop grande.",
    "415": "Le corps n’est pas annoncé application/json.",
    "429": "Quota dépassé.",
    "500": "Erreur que la plateforme connaît elle aussi : codeRetour 500.",
}
SECURITY = {
    "jeton": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": OAUTH_PATH, "scopes": {"openid": "toute l’API"}}},
    },
    "compte": {
        "type": "apiKey",
        "in": "header",
        "name": "cpro-account",
        "description": "login:motdepasse du compte technique, en base64",
    },
}


@cache
def cpro() -> dict[str, Any]:
    """OpenAPI 3.1 of every operation under `/cpro`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "API de Chorus Pro, telle que le simulateur la sert",
            "version": "1",
            "description": "Page produite depuis le code du simulateur ; ce n’est pas un contrat officiel.",
        },
        "security": [{"jeton": [], "compte": []}],
        "paths": _paths((op.path, op.method, _operation(op)) for op in OPERATIONS),
        "components": {"securitySchemes": SECURITY, "schemas": {"Retour": ENVELOPE}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    rest = operation.family == "organisations"
    bare = rest or operation.path.endswith("/health-check")
    schema: dict[str, Any] = {} if bare else {"$ref": "#/components/schemas/Retour"}
    success = {"description": "Réponse.", "content": {"application/json": {"schema": schema}}}
    described: dict[str, Any] = {
        "tags": [operation.family],
        "summary": operation.path.split("/v1/")[1],
        "description": f"Marque {operation.mark} · {operation.source}"
        + (f" · {operation.note}" * bool(operation.note)),
        "operationId": _identifier(operation.method, operation.path),
        "responses": {"200": success, **{code: {"description": text} for code, text in REFUSALS.items()}},
    }
    if rest:
        described["responses"] |= {"201": {"description": "Créé."}, "204": {"description": "Modifié."}}
    if operation.method != "GET":
        body = {"application/json": {"schema": schema_of(operation.handler)}}
        described["requestBody"] = {"required": True, "content": body}
    return _with_parameters(described, operation.path)


def control(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """OpenAPI 3.1 of the control room, from its tables."""
    title = "Salle de commande du simulateur de Chorus Pro"
    paths = _paths((f"/_control{one.path}", one.method, _endpoint(one)) for one in endpoints)
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths}


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": _identifier(endpoint.method, endpoint.path),
        "responses": {
            "200": {"description": "Fait.", "content": {"application/json": {}}},
            "400": {"description": "Impossible : le champ « erreur » dit pourquoi."},
            "404": {"description": "Inconnu : le champ « erreur » dit quoi."},
        },
    }
    if endpoint.fields:
        properties = {name: {"description": sentence} for name, sentence in endpoint.fields.items()}
        schema = {"type": "object", "properties": properties}
        described["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return _with_parameters(described, endpoint.path)


def _with_parameters(described: dict[str, Any], path: str) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", path)
    if names:
        described["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in names
        ]
    return described


def _paths(operations: Iterable[tuple[str, str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for path, method, described in operations:
        paths.setdefault(path, {})[method.lower()] = described
    return paths


def _identifier(method: str, path: str) -> str:
    return f"{method.lower()}_{re.sub(r'[^a-zA-Z0-9]+', '_', path).strip('_')}"
