"""The documentation of the repairs is their docstrings."""

from pathlib import Path

from bestfix.surfaces.repairs import Description, described, descriptions, page

PAGE = Path(__file__).parents[2] / "docs" / "repairs.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "`make docs` writes it anew"


def test_every_repair_says_what_it_fixes_why_how_and_how_safe_that_is():
    said = {d.name: (d.summary, d.why, d.example, d.safety) for d in descriptions()}
    assert said
    assert [name for name, parts in said.items() if not all(parts)] == []


def test_names_are_unique():
    names = [d.name for d in descriptions()]
    assert sorted(set(names)) == names


def test_a_docstring_is_taken_apart():
    def repair():
        """Fix it,
        all of it.

        Why: people
            err.
        Example: `a` → `b`
        Safety: safe.
        """

    found = Description.of("python.names.repair", repair, ("NameError",))
    assert (found.summary, found.why, found.example, found.safety) == (
        "Fix it, all of it.",
        "people err.",
        "`a` → `b`",
        "safe.",
    )
    assert found.family == "python.names"


def test_a_repair_is_found_by_its_name():
    assert described("python.names.near_name").errors == ("NameError",)
    assert described("nobody") is None
