"""Section on exports and reports."""

from __future__ import annotations

from flows.settings.sections import SettingsSection


class ExportSettings(SettingsSection):
    """What exports and reports show."""

    confidential: bool = False
    addresses: bool = False
