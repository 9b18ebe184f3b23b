"""Running code that nobody has checked in a copy of this process that can harm nothing; see docs/design/sandbox.md."""

from bestfix.validate.sandbox.capabilities import Capabilities, capabilities
from bestfix.validate.sandbox.ended import Ended
from bestfix.validate.sandbox.limits import Limits
from bestfix.validate.sandbox.supervisor import run_apart

__all__ = ["Capabilities", "Ended", "Limits", "capabilities", "run_apart"]
