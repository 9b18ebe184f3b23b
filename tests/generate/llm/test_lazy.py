"""A process that asks no model imports no client."""

from __future__ import annotations

import subprocess
import sys

import pytest

FOREIGN = "{'openai', 'anthropic', 'httpx2', 'keyring'}"


@pytest.mark.parametrize(
    "program",
    [
        "import bestfix",
        "from bestfix import fix\nassert fix('pritn(1)', name='c', namespace={}, error=NameError('x')) is not None",
        "import bestfix.surfaces.cli",
    ],
)
def test_no_client_is_imported(program):
    check = f"import sys\nassert not {FOREIGN} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"{program}\n{check}"], check=True, timeout=60)


def test_the_client_itself_imports_no_library():
    program = (
        "import sys, threading\nfrom bestfix import Settings\nfrom bestfix.config import LLM\n"
        "from bestfix.generate.llm.client import Client\n"
        "Client.of(Settings(llm=LLM(model='m')))\n"
        f"assert threading.active_count() == 1\nassert not {FOREIGN} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_process_ends_while_its_name_server_does_not_answer():
    program = (
        "import socket, time\nsocket.getaddrinfo = lambda *a, **k: time.sleep(600)\n"
        "from bestfix import Settings\nfrom bestfix.config import LLM\nfrom bestfix.core import Deadline\n"
        "from bestfix.generate.llm.client import Client\nfrom bestfix.generate.llm.messages import Request\n"
        "client = Client.of(Settings(llm=LLM(model='m', base_url='http://model.example/v1')))\n"
        "client.warm().result()\n"
        "client.submit(Request('s', 'm', 's', 'u'), Deadline.after(30))\ntime.sleep(0.3)\n"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True)
    assert done.stderr == ""
