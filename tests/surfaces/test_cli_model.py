"""`bestfix model` as a user types it."""

import shutil

from bestfix.rank.selectors.learned import MODELS


def test_promote_list_and_roll_back(command, tmp_path, monkeypatch):
    monkeypatch.setenv("BESTFIX_MODELS", str(tmp_path / "team"))
    shutil.copytree(MODELS / "trees", tmp_path / "mine")
    assert "the model that comes with bestfix" in command("model", "list").stdout
    done = command("model", "promote", "mine", "--why", "it is ours")
    assert done.returncode == 0
    name = done.stdout.split()[1]
    listed = command("model", "list").stdout
    assert f"{name}  it is ours" in listed
    assert str(tmp_path / "team") in listed
    assert "comes with bestfix is in use" in command("model", "rollback", "trees").stdout
    assert name in command("model", "promote", name).stdout
    (tmp_path / "team" / "trees" / name / "accept.txt").write_text("damaged")
    assert "takes its place" in command("model", "list").stdout


def test_errors_say_what_is_wrong(command, tmp_path):
    assert "none before" in command("model", "rollback", "trees").stderr
    assert "manifest.json" in command("model", "promote", "nowhere").stderr
    assert command("model", "rollback", "first").returncode == 2
