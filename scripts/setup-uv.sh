#!/usr/bin/env bash
# Puts uv into the folder $1 with nothing but Python: in a virtual environment, or, where Python came without
# `ensurepip` (Debian's python3 without python3-venv), from its wheel.
set -euo pipefail
folder=$1
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "bestfix needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON=… to another one." >&2
    exit 1
}
if "$python" -m venv "$folder" 2>/dev/null && "$folder/bin/pip" install -q uv; then
    exit 0
fi
rm -rf "$folder"
if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install -q --target "$folder" uv
elif command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq python3-venv
    exec "$0" "$folder"
else
    echo "There is neither venv nor pip for $python: install python3-venv (Debian: apt-get install python3-venv)." >&2
    exit 1
fi
