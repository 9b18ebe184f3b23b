"""A notebook in a real kernel."""

import io
import json

import pytest

pytest.importorskip("nbclient")
from bestfix.surfaces.ask import Asker, Consent
from bestfix.surfaces.files import FileError
from bestfix.surfaces.journal import Journal
from bestfix.surfaces.notebook import NotebookError, run_notebook
from bestfix.surfaces.notebook_file import NotebookFile


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook with the given code cells."""

    def write(*sources, indent=1, metadata=None):
        cells = [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["# é\n"]}]
        for number, source in enumerate(sources):
            cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "execution_count": None, "outputs": []}
            cells.append({**cell, "source": source.splitlines(keepends=True)})
        document = {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
        path = tmp_path / "notebook.ipynb"
        path.write_text(json.dumps(document, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def run(tmp_path):
    """Run a notebook; return its exit code and what was shown."""

    def run(path, consent=Consent.GIVEN, **options):
        stream = io.StringIO()
        code = run_notebook(path, Asker(stream, io.StringIO(), consent), Journal(tmp_path / "journal"), **options)
        return code, stream.getvalue()

    return run


def test_failing_cells_are_fixed_where_the_mistake_is_and_run_again(notebook, run, tmp_path):
    path = notebook(
        "def double(number):\n    return 2 * nunber\n",
        "values = [1, 2\n",
        "%time total = double(sum(values))",
        "pritn(total)\npritn(total)",
    )
    before = path.read_text(encoding="utf-8")
    code, shown = run(path)
    assert code == 0, shown
    assert NotebookFile.read(path).code == [
        "def double(number):\n    return 2 * number\n",
        "values = [1, 2]\n",
        "%time total = double(sum(values))",
        "print(total)\nprint(total)",
    ]
    assert "✗ cell 3  NameError: name 'nunber' is not defined\nbestfix cell 1 ·" in shown
    assert "✓ cell 3  runs clean" in shown
    changed = [line for line in path.read_text(encoding="utf-8").splitlines() if line not in before.splitlines()]
    assert len(changed) == 4
    (written,) = Journal(tmp_path / "journal").last()
    Journal(tmp_path / "journal").undo(written)
    assert path.read_text(encoding="utf-8") == before


def test_without_consent_nothing_is_written_and_with_output_the_original_stays(notebook, run, tmp_path):
    path = notebook("x = 20 + 1", "pritn(2 * x)", metadata={"kernelspec": {"name": "not-there", "language": "python"}})
    before = path.read_bytes()
    code, shown = run(path, Consent.WITHHELD)
    assert (code, path.read_bytes()) == (1, before)
    assert "+ 1 │ print(2 * x)" in shown
    output = tmp_path / "repaired.ipynb"
    assert run(path, output=output)[0] == 0
    assert path.read_bytes() == before
    assert json.loads(output.read_text())["cells"][2]["outputs"][0]["text"] in ("42\n", ["42\n"])


def test_a_helper_module_is_fixed_in_its_file_and_the_notebook_starts_again(notebook, run, tmp_path):
    (tmp_path / "helper.py").write_text("def double(number):\n    return 2 * nunber\n")
    path = notebook("import helper", "helper.double(2)", "1 / 0")
    path.write_text(
        path.read_text().replace(
            '"id": "c2",\n   "metadata": {}', '"id": "c2",\n   "metadata": {"tags": ["raises-exception"]}'
        )
    )
    code, shown = run(path)
    assert (tmp_path / "helper.py").read_text() == "def double(number):\n    return 2 * number\n"
    assert code == 0, shown


def test_what_cannot_be_executed_is_said(notebook, run):
    with pytest.raises(NotebookError, match="no kernel is called 'nope'"):
        run(notebook("1"), kernel="nope")
    with pytest.raises(FileError, match="in r, not in Python"):
        run(notebook("1", metadata={"kernelspec": {"name": "ir", "language": "R"}}))


def test_a_missing_extra_is_named(notebook, run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nbclient", None)
    with pytest.raises(NotebookError, match=r'pip install "bestfix\[jupyter\]"'):
        run(notebook("1"))


@pytest.mark.parametrize("indent", [1, 4, None])
def test_the_form_of_the_file_is_kept(notebook, indent):
    path = notebook("a = 1\n", "b = 2", indent=indent)
    file = NotebookFile.read(path)
    assert file.with_code(file.code) == path.read_bytes()
    changed = file.with_code(["a = 3\n", "b = 2"])
    assert changed == path.read_bytes().replace(b"a = 1", b"a = 3")
