"""The naming that the settings ask for: that of a profile by its name, or a layout and a template of one's own."""

from raccord.domain.errors import Misconfigured
from raccord.domain.handover import PROFILES, Layout, Taking
from raccord.hotfolder.naming import Naming


def naming_of(profile: str, layout: str, template: str, *, own_template: bool, taking: str = "") -> Naming:
    """The naming of the settings: of the profile if there is one, with `template` in its place when `own_template`.

    `taking`: how the software says that it took an invoice; empty: that of the profile, by moving without one.

    Raises `Misconfigured` (`DOSSIER_NOMMAGE`, `DOSSIER_PROFIL`).
    """
    if not profile:
        return Naming(template, Layout(layout), Taking(taking or Taking.MOVED))
    if profile not in PROFILES:
        raise Misconfigured(
            "DOSSIER_PROFIL",
            f"Le réglage RACCORD_HOTFOLDER_PROFILE vaut « {profile} » : ce profil n’existe pas.",
            "Choisissez parmi : " + ", ".join(PROFILES) + ".",
        )
    chosen = PROFILES[profile]
    return Naming(template if own_template else chosen.template, chosen.layout, Taking(taking or chosen.taking))
