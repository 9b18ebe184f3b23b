import pytest

from bestfix.lang.python import compiles
from bestfix.train.corpus import snippets

TEXT = '''
"""A module."""
import math

def area(radius):
    """Return the area of a circle.

    >>> area(1) > 3
    True
    >>> r = 2
    >>> area(r)
    12.566370614359172
    >>> area("x")
    Traceback (most recent call last):
    TypeError: no
    >>> open("file")  # doctest: +SKIP
    """
    square = radius * radius
    return math.pi * square

def deleted(path):
    """Remove a file.

    >>> import os
    >>> os.remove(path)
    """
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "circles"
    folder.mkdir()
    (folder / "__init__.py").write_text(TEXT)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "circles"


def test_examples_become_cells_with_what_they_need_before_them(package):
    found = list(snippets(package))
    cells = [s for s in found if s.source == "doctests"]
    assert all(s.group == "circles" for s in found)
    assert "".join(s.code for s in cells).count("area") >= 1
    for snippet in cells:
        whole = snippet.setup + "\n" + snippet.code
        assert compiles(whole) is None
        assert "from circles import area" in whole
        assert "Traceback" not in whole
        assert 'area("x")' not in whole


def test_a_function_becomes_a_cell_that_calls_it(package):
    [function] = [s for s in snippets(package) if s.source == "functions"]
    assert function.setup == "import math\n"
    assert function.code.startswith("def area(radius):\n    square = radius * radius\n")
    assert function.code.endswith("area(r)")


def test_what_touches_files_is_left_out(package):
    assert not any("remove" in s.code for s in snippets(package))


def test_a_package_that_is_not_installed_has_none():
    assert list(snippets("no_such_package_here")) == []


def test_the_standard_library_is_read_without_importing_it():
    first = next(s for s in snippets("python") if s.source == "doctests")
    assert compiles(first.code) is None
