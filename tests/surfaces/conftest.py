"""Every test of a door has its own journal, settings and IPython profile."""

import atexit
import os
import subprocess
import sys

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, monkeypatch):
    """Point the user's folders into a temporary one, for this process and its children; show unlikely fixes too."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in [name for name in os.environ if name.startswith("BESTFIX_")] + ["FORCE_COLOR", "PYTHONSAFEPATH"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BESTFIX_THRESHOLD", "0.05")
    monkeypatch.setenv("BESTFIX_LOG_ENABLED", "off")
    return home


@pytest.fixture
def shell(own_folders):
    """A fresh IPython shell; the hooks that it puts into the interpreter are taken back."""
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    hook = sys.displayhook
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    yield shell
    shell.restore_sys_module_state()
    atexit.unregister(shell.atexit_operations)
    shell.atexit_operations()
    InteractiveShell.clear_instance()
    sys.displayhook = hook


@pytest.fixture
def command(tmp_path):
    """Run the command line in a process of its own, in `tmp_path`."""

    def run(*arguments, stdin=""):
        return subprocess.run(
            [sys.executable, "-m", "bestfix", *map(str, arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
