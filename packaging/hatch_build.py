"""What the wheel puts into the folders of Jupyter; `make ui` has built it before, so that nobody needs node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LABEXTENSION = Path("src/bestfix/surfaces/jupyter/labextension")
CONFIG = "etc/jupyter/jupyter_server_config.d/bestfix.json"


class JupyterHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own config class is no part of its interface
    """Adds the labextension and the configuration that enables the server extension to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say where each file goes.

        Raises:
            FileNotFoundError: when a wheel or an sdist is built and the labextension has not been.
        """
        root = Path(self.root)
        manifest = root / LABEXTENSION / "package.json"
        if not manifest.is_file():
            if version == "editable":
                return
            raise FileNotFoundError(f"{manifest} is not there: build what runs in the browser first, by `make ui`")
        if self.target_name == "wheel":
            name = json.loads(manifest.read_text(encoding="utf-8"))["name"]
            folder = f"share/jupyter/labextensions/{name}"
            build_data["shared_data"] |= {
                str(LABEXTENSION): folder,
                "packaging/install.json": f"{folder}/install.json",
                "packaging/jupyter_server_config.json": CONFIG,
            }
