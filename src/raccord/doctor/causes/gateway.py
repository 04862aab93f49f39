"""Causes between this machine and PISTE: network, and the application's own credentials (diagnosis.md §4 and §6)."""

from raccord.doctor.causes.writing import PROBABLE, entry
from raccord.domain.connection import Light
from raccord.domain.verdict import WRONG_CLOCK

CAUSES = (
    entry(
        "NET-01",
        "Pas d’accès Internet, nom introuvable ou pare-feu",
        say="Votre serveur n’arrive pas à joindre PISTE ({host}). Ce n’est pas un problème d’identifiants.",
        do=(
            "Testez la connexion Internet de ce serveur.",
            "Ouvrez la sortie HTTPS (port 443) vers oauth.piste.gouv.fr et api.piste.gouv.fr.",
            "Si votre réseau passe par un proxy, renseignez-le dans la fiche de la connexion.",
        ),
        en="Your server cannot reach PISTE ({host}). This is not a problem of credentials.",
        do_en=(
            "Test the Internet access of this server.",
            "Open outgoing HTTPS (port 443) to oauth.piste.gouv.fr and api.piste.gouv.fr.",
            "If your network goes through a proxy, fill it in the connection.",
        ),
    ),
    entry(
        "NET-02",
        "Certificat TLS refusé (antivirus, proxy d’inspection, horloge)",
        say="La connexion sécurisée avec {host} est refusée par votre poste ou votre proxy.",
        do=(
            "Vérifiez l’heure de ce serveur.",
            "Vérifiez son magasin de certificats, ou indiquez le fichier d’autorités de votre proxy.",
            "Excluez oauth.piste.gouv.fr et api.piste.gouv.fr de l’inspection HTTPS.",
        ),
        en="The secure connection with {host} is refused by your machine or your proxy.",
        do_en=(
            "Check the clock of this server.",
            "Check its store of certificates, or give the authority file of your proxy.",
            "Exclude oauth.piste.gouv.fr and api.piste.gouv.fr from HTTPS inspection.",
        ),
    ),
    entry(
        "NET-03",
        "Chorus Pro arrêté, en maintenance ou trop lent",
        say="Chorus Pro ne répond pas pour le moment. Vos factures restent en attente et partiront d’elles-mêmes.",
        do=(
            "Rien à faire : Raccord essaie de nouveau par lui-même, de plus en plus espacé.",
            "Si cela dure, consultez l’état du service sur communaute.chorus-pro.gouv.fr.",
        ),
        en="Chorus Pro does not answer for the moment. Your invoices wait and will leave by themselves.",
        do_en=(
            "Nothing to do: Raccord tries again by itself, less and less often.",
            "If it lasts, look at the state of the service on communaute.chorus-pro.gouv.fr.",
        ),
    ),
    entry(
        "NET-04",
        "Ancienne adresse de PISTE",
        say="L’adresse enregistrée ({host}) n’existe plus : elle a été remplacée par {replacement}.",
        do=(
            "Ouvrez la fiche de la connexion et remettez les adresses officielles : choisissez de nouveau "
            "l’environnement.",
            "Testez la connexion.",
        ),
        en="The recorded address ({host}) no longer exists: {replacement} has replaced it.",
        do_en=("Open the connection and put the official addresses back: choose the environment again.", "Test."),
    ),
    entry(
        "NET-05",
        "Proxy injoignable, ou qui ne laisse pas passer",
        say="Le proxy {proxy}, indiqué {named_by}, ne transmet pas les appels à Chorus Pro. Ce n’est pas un problème "
        "d’identifiants.",
        do=(
            "Vérifiez que ce proxy est en marche et que cette machine peut le joindre.",
            "S’il n’est pas le bon, corrigez son adresse là où elle est indiquée : la fiche de la connexion, "
            "RACCORD_PROXY_URL, ou la variable HTTPS_PROXY du service (NO_PROXY pour s’en passer).",
            "Demandez à votre service informatique qu’il laisse passer oauth.piste.gouv.fr et api.piste.gouv.fr.",
            "Redémarrez Raccord si vous avez changé un réglage ou une variable, puis testez la connexion.",
        ),
        en="The proxy {proxy}, named {named_by}, does not pass the calls on to Chorus Pro. This is not a problem of "
        "credentials.",
        do_en=(
            "Check that this proxy runs and that this machine can reach it.",
            "If it is not the right one, correct its address where it is named: the connection, RACCORD_PROXY_URL, or "
            "the variable HTTPS_PROXY of the service (NO_PROXY to do without).",
            "Ask your IT department to let oauth.piste.gouv.fr and api.piste.gouv.fr through.",
            "Restart Raccord if you changed a setting or a variable, then test the connection.",
        ),
    ),
    entry(
        "PST-01",
        "Client id ou client secret refusé",
        say="PISTE ne reconnaît pas l’application (client id ou client secret). Votre compte technique n’est pas en "
        "cause.",
        do=(
            "Sur piste.gouv.fr, ouvrez « Mes applications », puis « Authentification ».",
            "Recopiez ici le client id et le client secret, sans espace.",
            "Vérifiez que l’environnement (production ou qualification) est celui de cette application.",
        ),
        en="PISTE does not know the application (client id or client secret). Your technical account is not at fault.",
        do_en=(
            "On piste.gouv.fr, open “Mes applications”, then “Authentification”.",
            "Copy the client id and the client secret here, without blanks.",
            "Check that the environment (production or sandbox) is the one of this application.",
        ),
    ),
    entry(
        "PST-02",
        "Identifiants d’un autre environnement",
        say="Ces identifiants PISTE appartiennent à l’environnement de {other}, alors que la connexion est en {here}.",
        do=(
            "Changez l’environnement de la connexion, ou saisissez les identifiants de l’autre application PISTE.",
            "Testez la connexion.",
        ),
        en="These PISTE credentials belong to the other environment ({other}); the connection is in {here}.",
        do_en=("Switch the environment, or type the credentials of the other PISTE application.", "Test."),
    ),
    entry(
        "PST-03",
        "API non sélectionnée, ou conditions générales non acceptées",
        say="L’application PISTE n’a pas accès à l’API « {families} ».",
        do=(
            "Sur piste.gouv.fr, ouvrez « API », puis « Consentement CGU » : acceptez les deux lignes de cette API.",
            "Ouvrez l’application, « Sélectionner les API », cochez cette API, puis « Appliquer ».",
            "Testez la connexion de nouveau.",
        ),
        en="The PISTE application has no access to the API “{families}”.",
        do_en=(
            "On piste.gouv.fr, open “API”, then “Consentement CGU”: accept both lines of this API.",
            "Open the application, “Sélectionner les API”, tick this API, then “Appliquer”.",
            "Test the connection again.",
        ),
        light=Light.AMBER,
        seen=PROBABLE,
    ),
    entry(
        "PST-04",
        "Raccordement API non déclaré, ou en attente de validation",
        say="Votre raccordement API n’est pas encore déclaré ou validé dans Chorus Pro : toutes les API répondent "
        "« accès refusé ».",
        do=(
            "Sur le portail Chorus Pro, ouvrez « Raccordements » et déclarez un raccordement API avec le code de "
            "l’application PISTE.",
            "Attendez sa validation.",
            "Testez la connexion de nouveau.",
        ),
        en="Your API connection is not yet declared or validated in Chorus Pro: every API answers “access denied”.",
        do_en=(
            "On the Chorus Pro portal, open “Raccordements” and declare an API connection with the code of the PISTE "
            "application.",
            "Wait for its validation.",
            "Test the connection again.",
        ),
        seen=PROBABLE,
    ),
    entry(
        "PST-05",
        "Fonction absente de cette adresse",
        say="La fonction « {path} » n’existe plus à cette adresse : Raccord doit être mis à jour. Vos réglages ne sont "
        "pas en cause.",
        do=("Mettez Raccord à jour.", "Ne reconfigurez rien."),
        en="The function “{path}” no longer exists at this address: Raccord must be updated. Your settings are right.",
        do_en=("Update Raccord.", "Change no setting."),
        light=Light.AMBER,
        seen=PROBABLE,
    ),
    entry(
        "PST-06",
        "Quota d’appels atteint",
        say="Trop d’appels en peu de temps : reprise automatique à {retry_time}.",
        do=("Rien à faire : Raccord attend l’heure demandée par PISTE.", "Si cela se répète, étalez les envois."),
        en="Too many calls in a short time: Raccord resumes by itself at {retry_time}.",
        do_en=("Nothing to do: Raccord waits until the hour that PISTE asks.", "If it repeats, spread the deposits."),
        light=Light.AMBER,
    ),
    entry(
        "PST-07",
        "Jeton vide ou illisible",
        say="PISTE a répondu sans jeton utilisable : la panne est de son côté.",
        do=("Rien à faire : un nouvel essai aura lieu.", "Si le cas se répète, contactez le support de PISTE."),
        en="PISTE answered without a usable token: the failure is on its side.",
        do_en=("Nothing to do: another try will follow.", "If it repeats, contact the support of PISTE."),
    ),
    entry(
        "CFG-01",
        "Réglage manquant",
        say="Il manque : {missing}. La connexion ne peut pas être testée.",
        do=("Complétez les champs nommés dans la fiche de la connexion.", "Cliquez sur « Valider »."),
        en="Missing: {missing}. The connection cannot be tested.",
        do_en=("Fill the named fields of the connection.", "Click “Valider”."),
    ),
    entry(
        "CFG-02",
        "Secret illisible (clé changée, sauvegarde restaurée)",
        say="Les identifiants enregistrés sont illisibles ({missing}) : la clé du coffre n’est plus celle qui les a "
        "enregistrés.",
        do=(
            "Saisissez de nouveau les identifiants nommés.",
            "Conservez désormais la clé du coffre avec chaque sauvegarde, mais pas au même endroit.",
        ),
        en="The recorded credentials cannot be read ({missing}): the key of the vault has changed.",
        do_en=("Type the named credentials again.", "From now on keep the key with each backup, in another place."),
    ),
    entry(
        WRONG_CLOCK,
        "Horloge de cette machine fausse",
        say="L’horloge de cette machine {gap} sur celle de PISTE. Tant qu’elle n’est pas réglée, aucune date "
        "n’est sûre : échéance du mot de passe, certificats, délais, heure des dépôts.",
        do=(
            "Réglez la date, l’heure et le fuseau horaire de cette machine.",
            "Activez sa mise à l’heure automatique (NTP) ; sur une machine virtuelle, celle de son hôte.",
            "Redémarrez Raccord, puis testez la connexion : ne changez aucun mot de passe avant ce test.",
        ),
        en="The clock of this machine {gap} compared with that of PISTE. Until it is set no date is sure: end of "
        "the password, certificates, deadlines, hour of the deposits.",
        do_en=(
            "Set the date, the hour and the time zone of this machine.",
            "Turn its automatic setting (NTP) on; for a virtual machine, that of its host.",
            "Restart Raccord, then test the connection: change no password before that test.",
        ),
        light=Light.AMBER,
        section=1,
    ),
)
