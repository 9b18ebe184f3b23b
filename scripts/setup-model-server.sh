#!/usr/bin/env bash
# Puts a real inference server and a tiny random model into .tools/model-server, apart from the project's environment:
# about 1 GB, once. A wheel of torch in a folder named by PIP_FIND_LINKS is taken; else PyTorch's own index of CPU
# builds is asked, which needs a network.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.tools/model-server
torch=2.13.0
wanted="torch $torch, transformers 5.23.0, model 1"
[ "$(cat "$folder/.ready" 2>/dev/null)" = "$wanted" ] && exit 0

uv=$(command -v uv || echo .tools/bin/uv)
python=.venv/bin/python
tag=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
source=(--torch-backend cpu)
compgen -G "${PIP_FIND_LINKS:-/nowhere}/torch-$torch*-$tag-*.whl" >/dev/null && source=(--find-links "$PIP_FIND_LINKS")
rm -rf "$folder"
"$uv" venv -q --python "$python" "$folder"
"$uv" pip install -q --python "$folder/bin/python" "${source[@]}" \
    "torch==$torch" "transformers[serving]==5.23.0" || {
    rm -rf "$folder"
    echo "The tests talk to a real inference server, and it could not be installed: that needs a network, once," >&2
    echo "or wheels in PIP_FIND_LINKS. Without it, run pytest itself: those tests are then skipped." >&2
    exit 1
}
"$folder/bin/python" scripts/tiny_model.py "$folder/model"
echo "$wanted" >"$folder/.ready"
