"""What is to be done at PISTE before a technical account serves, by model.

specifications/technical-accounts.md §6 and §7.
"""

from collections.abc import Mapping

from raccord.domain.connection import ConnectionModel

_APPLICATION = (
    "Sur piste.gouv.fr, ouvrez « Mes applications » et créez l’application de production : un nom unique, une adresse "
    "électronique, une personne responsable, votre SIRET.",
    "Dans « API », puis « Consentement CGU », acceptez les conditions de chaque API Chorus Pro : deux lignes par API, "
    "une pour le bac à sable, une pour la production.",
    "Dans l’application, cliquez sur « Sélectionner les API » : Factures, Structures, Utilisateurs et Transverses "
    "suffisent le plus souvent. Puis « Appliquer ».",
    "Relevez l’identifiant (client id) et le secret (client secret) dans l’onglet « Authentification » : ils vont dans "
    "les paramètres de la connexion.",
)
_DECLARATION = (
    "Sur le portail Chorus Pro, déclarez le raccordement en mode API dans l’espace « Raccordement EDI/API », avec le "
    "code de l’application PISTE.",
)

STEPS: Mapping[ConnectionModel, tuple[str, ...]] = {
    ConnectionModel.DIRECT: (*_APPLICATION, *_DECLARATION),
    ConnectionModel.HEAVY_CLIENT: (
        "Demandez à votre éditeur l’identifiant et le secret de votre application PISTE : c’est lui qui la crée, à "
        "votre nom. Ils vont dans les paramètres de la connexion.",
        *_DECLARATION,
    ),
    ConnectionModel.CONCENTRATOR: (),
}
"""Empty for the customers of a concentrator: their service has the application and the declaration already."""
