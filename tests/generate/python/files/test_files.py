"""Files that are opened for something else than is done with them, and folders that are missing."""

import pytest

CASES = [
    ("open('a.txt').write('x')", "open('a.txt', 'w').write('x')"),
    ("with open('a.txt', 'w') as f:\n    f.read()", "with open('a.txt', 'r') as f:\n    f.read()"),
    ("with open('a.txt', 'w') as f:\n    f.write(b'x')", "with open('a.txt', 'wb') as f:\n    f.write(b'x')"),
    ("open('latin.txt').read()", "open('latin.txt', encoding=\"latin-1\").read()"),
    (
        "import os\nopen('out/a.txt', 'w')",
        "import os\nos.makedirs(\"out\", exist_ok=True)\nopen('out/a.txt', 'w')",
    ),
    ("import os\nos.mkdir('data')", "import os\nos.makedirs('data', exist_ok=True)"),
    ("import os\nos.mkdir('a/b')", "import os\nos.makedirs('a/b')"),
    ("from pathlib import Path\nPath('a/b').mkdir()", "from pathlib import Path\nPath('a/b').mkdir(parents=True)"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
@pytest.mark.usefixtures("folder")
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, repaired):
    assert repaired(broken, "files")[0] == fixed
