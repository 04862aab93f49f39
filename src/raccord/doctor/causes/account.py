"""Causes in the technical account and in what it may reach (diagnosis.md §5 and §7)."""

from raccord.doctor.causes.writing import CERTAIN, CREATE, CREATE_EN, EXPLAINED, PROBABLE, RESET, RESET_EN, entry
from raccord.domain.connection import Light

CAUSES = (
    entry(
        "TEC-01",
        "Mot de passe du compte technique expiré",
        say="Le mot de passe du compte technique {login} {expired}. Les envois sont suspendus, aucune facture n’est "
        "perdue.",
        do=RESET,
        en="The password of the technical account {login} {expired}. Deposits are held, no invoice is lost.",
        do_en=RESET_EN,
        seen=PROBABLE,
    ),
    entry(
        "TEC-02",
        "Mot de passe réinitialisé ailleurs",
        say="Le mot de passe du compte technique {login} a sans doute été changé sur le portail (autre logiciel, "
        "prestataire, collègue). Les envois sont suspendus, aucune facture n’est perdue.",
        do=(
            "Demandez le nouveau mot de passe au gestionnaire principal de la structure.",
            "À défaut, réinitialisez-le ; l’ancien cessera pour tous les logiciels qui utilisent ce compte.",
            *RESET,
            "Conseil : un compte technique par logiciel.",
        ),
        en="The password of the technical account {login} was probably changed on the portal by somebody else.",
        do_en=(
            "Ask the main manager of the structure for the new password.",
            "Failing that, reset it; the old one will stop for every program that uses this account.",
            *RESET_EN,
            "Advice: one technical account for each program.",
        ),
        seen=PROBABLE,
    ),
    entry(
        "TEC-03",
        "Identifiant ou mot de passe mal saisi",
        say="Identifiant ou mot de passe refusé. Vérifiez majuscules et caractères spéciaux ; collez sans espace. "
        "{remarks}",
        do=(
            "Collez de nouveau l’identifiant et le mot de passe.",
            "Affichez le mot de passe avec l’œil et comparez-le caractère par caractère.",
            "S’il est perdu, réinitialisez-le.",
            *RESET,
        ),
        en="Login or password refused. Check capitals and special characters; paste without blanks. {remarks}",
        do_en=(
            "Paste the login and the password again.",
            "Show the password with the eye and compare it sign by sign.",
            "If it is lost, reset it.",
            *RESET_EN,
        ),
        seen=PROBABLE,
    ),
    entry(
        "TEC-04",
        "Mot de passe copié, demande non soumise",
        say="Avez-vous cliqué sur « Soumettre » ? Sans cela, l’ancien mot de passe reste valable.",
        do=("Recommencez la réinitialisation jusqu’au bouton « Soumettre ».", *RESET),
        en="Did you click “Soumettre”? Until then the old password stays valid.",
        do_en=("Do the reset again, up to the button “Soumettre”.", *RESET_EN),
        seen=PROBABLE,
    ),
    entry(
        "TEC-05",
        "Compte trop récent",
        say="Le compte peut mettre jusqu’à 30 minutes à être actif. Nouveau test automatique à {retry_time}.",
        do=("Attendez : Raccord refait le test par lui-même.",),
        en="The account may take up to 30 minutes to become active. Raccord tests again by itself at {retry_time}.",
        do_en=("Wait: Raccord tests again by itself.",),
        seen=PROBABLE,
    ),
    entry(
        "TEC-06",
        "Compte bloqué après des essais répétés",
        say="Trop d’essais refusés ({refusals} de suite) : le compte peut être bloqué une heure. Raccord a arrêté "
        "d’appeler.",
        do=(
            "Attendez une heure : les envois reprennent après un seul test réussi, à {retry_time}.",
            "Vérifiez qu’aucun autre logiciel n’utilise ce compte avec un ancien mot de passe.",
        ),
        en="Too many refused tries ({refusals} in a row): the account may be locked for an hour. Raccord has stopped.",
        do_en=(
            "Wait an hour: deposits resume after one successful test, at {retry_time}.",
            "Check that no other program uses this account with an old password.",
        ),
        seen=PROBABLE,
    ),
    entry(
        "TEC-07",
        "Identifiant du portail à la place du compte technique",
        say="L’identifiant {login} ressemble à une adresse de connexion au portail. L’API demande le compte technique "
        "(TECH_…).",
        do=("Créez le compte technique.", *CREATE),
        en="The login {login} looks like a login of the portal. The API wants the technical account (TECH_…).",
        do_en=("Create the technical account.", *CREATE_EN),
        seen=PROBABLE,
    ),
    entry(
        "TEC-08",
        "Compte technique inactif ou supprimé, gestionnaire parti",
        say="Le compte technique {login} n’est peut-être plus actif.",
        do=(
            "Le gestionnaire principal vérifie l’état du compte dans « Raccordements », « Compte technique » : il doit "
            "être ACTIF.",
            "S’il ne l’est plus, il le réactive, ou en crée un autre.",
            "Si le gestionnaire principal est parti, un ticket au support de Chorus Pro transfère le rôle.",
        ),
        en="The technical account {login} may no longer be active.",
        do_en=(
            "The main manager looks at the state of the account in “Raccordements”, “Compte technique”: it must be "
            "ACTIF.",
            "If it is not, the manager reactivates it or creates another.",
            "If the main manager has left, open a ticket at the support of Chorus Pro to transfer the role.",
        ),
        seen=EXPLAINED,
    ),
    entry(
        "TEC-09",
        "Compte de qualification employé en production",
        say="Le compte {login} appartient au jeu de données de la qualification, alors que la connexion est en "
        "production.",
        do=("Changez l’environnement de la connexion, ou saisissez le compte technique de production.", "Testez."),
        en="The account {login} belongs to the qualification data set, but the connection is in production.",
        do_en=("Switch the environment of the connection, or type the production account.", "Test."),
        seen=PROBABLE,
    ),
    entry(
        "TEC-10",
        "Échéance proche",
        say="Le mot de passe du compte technique {login} expire {in_days}, le {expires_on}.",
        do=("Choisissez un moment hors période de clôture.", *RESET),
        en="The password of the technical account {login} expires {in_days}, on {expires_on}.",
        do_en=("Choose a moment outside closing periods.", *RESET_EN),
        light=Light.AMBER,
    ),
    entry(
        "TEC-11",
        "Échéance inconnue",
        say="La date d’expiration du mot de passe n’est pas connue : indiquez celle du portail (colonne « Date exp. "
        "Mot de passe »).",
        do=(
            "Sur le portail, ouvrez « Raccordements », puis « Compte technique ».",
            "Lisez la colonne « Date exp. Mot de passe » de la « Liste des comptes techniques ».",
            "Saisissez cette date dans la fiche de la connexion.",
        ),
        en="The expiry date of the password is unknown: give the one of the portal (column “Date exp. Mot de passe”).",
        do_en=(
            "On the portal, open “Raccordements”, then “Compte technique”.",
            "Read the column “Date exp. Mot de passe” of the “Liste des comptes techniques”.",
            "Type that date in the connection.",
        ),
        light=Light.AMBER,
    ),
    entry(
        "STR-01",
        "Compte technique non rattaché à la structure",
        say="Le compte technique répond, mais n’a pas accès au SIRET {siret}.",
        do=(
            "Le gestionnaire principal de ce SIRET s’y rattache, ou crée un compte technique sous ce SIRET.",
            "Testez la connexion de nouveau.",
        ),
        en="The technical account answers, but cannot reach the SIRET {siret}.",
        do_en=("The main manager of that SIRET creates a technical account under it, or attaches himself.", "Test."),
        light=Light.AMBER,
    ),
    entry(
        "STR-02",
        "Structure émettrice inactive, SIRET changé ou fermé",
        say="La structure {siret} n’est pas active dans Chorus Pro.",
        do=(
            "Sur le portail, ouvrez « Organisation », puis « Structures », et vérifiez son état.",
            "Si le SIRET a changé, déclarez le nouveau : le compte technique et le raccordement sont à refaire.",
        ),
        en="The structure {siret} is not active in Chorus Pro.",
        do_en=(
            "On the portal, open “Organisation”, then “Structures”, and look at its state.",
            "If the SIRET has changed, declare the new one: account and API connection must be made again.",
        ),
        light=Light.AMBER,
        seen=CERTAIN,
    ),
    entry(
        "STR-03",
        "SIRET du fournisseur inconnu",
        say="Chorus Pro ne connaît pas le SIRET émetteur {siret} imprimé sur la facture.",
        do=("Créez la structure sur le portail.", "Ou corrigez le SIRET dans la fiche de votre société."),
        en="Chorus Pro does not know the issuing SIRET {siret} printed on the invoice.",
        do_en=("Create the structure on the portal.", "Or correct the SIRET of your company."),
        light=Light.AMBER,
        seen=EXPLAINED,
    ),
    entry(
        "STR-04",
        "Service émetteur inconnu ou inactif",
        say="Le service émetteur {service} n’est pas actif dans Chorus Pro.",
        do=("Corrigez le code du service émetteur.", "Ou activez ce service sur le portail."),
        en="The issuing service {service} is not active in Chorus Pro.",
        do_en=("Correct the code of the issuing service.", "Or activate that service on the portal."),
        light=Light.AMBER,
        seen=EXPLAINED,
    ),
    entry(
        "STR-05",
        "Espace non ouvert (factures émises, reçues, travaux)",
        say="Aucune structure n’est accessible par l’API : l’espace « {space} » n’est sans doute pas ouvert.",
        do=(
            "Sur le portail, ouvrez « Organisation » et ajoutez l’espace à la structure.",
            "Reconnectez-vous au portail, puis testez la connexion.",
        ),
        en="No structure can be reached by the API: the space “{space}” is probably not open.",
        do_en=("On the portal, open “Organisation” and add the space to the structure.", "Sign in again, then test."),
        light=Light.AMBER,
        seen=PROBABLE,
    ),
)
