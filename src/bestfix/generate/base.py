"""What a repair is, and how repairs are found: built-in ones and third parties' come in by the same entry point."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from types import ModuleType

from bestfix.core import Candidate, Context, Deadline, Failure, Language, Report

__all__ = ["Repair", "load_repairs", "repair"]

RepairFunction = Callable[..., Iterator[Candidate]]
"""`(report, context)` or `(report, context, deadline)` → candidates, the most likely first."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A registered repair.

    Attributes:
        name: `language.module.function`; candidates carry it as their proposer.
        function: the generator function.
        errors: the names of the error classes that it answers, subclasses included.
        language: the language of the sources that it repairs.
        timed: whether the function takes the deadline as its third argument.
    """

    name: str
    function: RepairFunction
    errors: tuple[str, ...]
    language: Language
    timed: bool

    def answers(self, language: Language, kinds: AbstractSet[str]) -> bool:
        """Whether the repair may have a candidate for an error of these kinds (`ErrorInfo.kinds`) in a language."""
        return language is self.language and not kinds.isdisjoint(self.errors)

    def __call__(self, report: Report, context: Context, deadline: Deadline) -> Iterator[Candidate]:
        """Yield the repair's candidates."""
        return self.function(report, context, deadline) if self.timed else self.function(report, context)


def repair(*errors: str, language: Language = Language.PYTHON) -> Callable[[RepairFunction], Repair]:
    """Register a generator function as the repair of the named errors.

    The function's docstring has four short parts, from which the documentation is built: a first line that says
    what it fixes, `Why:` people make the mistake, `Example:` (broken `→` fixed), `Safety:`.

    Raises:
        TypeError: when no error is named.
    """
    if not errors:
        raise TypeError("@repair needs the names of the errors that it answers: @repair('NameError')")

    def register(function: RepairFunction) -> Repair:
        module = function.__module__.rpartition(".")[2]
        timed = len(inspect.signature(function).parameters) > 2
        return Repair(f"{language}.{module}.{function.__name__}", function, errors, language, timed)

    return register


@lru_cache(maxsize=len(Language) + 1)
def load_repairs(language: Language | None = None) -> tuple[tuple[Repair, ...], tuple[Failure, ...]]:
    """Return every repair of the `bestfix.repairs` entry points, and what could not be loaded.

    Args:
        language: the language of the failure; an entry point that has the name of another one is not imported.
    """
    others = {other.value for other in Language if language not in {None, other}}
    repairs: list[Repair] = []
    failures: list[Failure] = []
    for point in entry_points(group="bestfix.repairs"):
        if point.name in others:
            continue
        try:
            repairs += _repairs_in(point.load(), failures)
        except Exception as error:  # noqa: BLE001 - a third party's module may raise anything
            failures.append(Failure(f"entry point {point.name}", f"{type(error).__name__}: {error}"))
    return tuple(dict.fromkeys(repairs)), tuple(failures)


def _repairs_in(module: ModuleType, failures: list[Failure]) -> Sequence[Repair]:
    """Return the repairs of a module or, for a package, of all its modules; one that cannot be imported is noted."""
    found = [value for value in vars(module).values() if isinstance(value, Repair)]
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        name = f"{module.__name__}.{info.name}"
        try:
            found += _repairs_in(importlib.import_module(name), failures)
        except Exception as error:  # noqa: BLE001 - one broken module of repairs leaves the others
            failures.append(Failure(name, f"{type(error).__name__}: {error}"))
    return found
