"""The settings: read once from the environment into one frozen `Settings`, which `wiring` hands to every room."""

from raccord.settings.catalogue import Settings
from raccord.settings.loading import PREFIX, load_settings, variable, with_port
from raccord.settings.showing import SettingLine, describe, reference_page

__all__ = ["PREFIX", "SettingLine", "Settings", "describe", "load_settings", "reference_page", "variable", "with_port"]
