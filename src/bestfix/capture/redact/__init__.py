"""The one door through which anything of the user's leaves the machine: values, secrets, addresses and paths stay."""

from bestfix.capture.redact.code import Shown, literal, names_in, restored, shown
from bestfix.capture.redact.prose import prose
from bestfix.capture.redact.veil import RestoreError, Veil, placeholders

__all__ = ["RestoreError", "Shown", "Veil", "literal", "names_in", "placeholders", "prose", "restored", "shown"]
