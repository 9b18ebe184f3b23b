#!/usr/bin/env bash
# Makes sure that there is a node that can build and test what runs in the browser; users of a wheel need none.
set -euo pipefail
enough() { command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null; }
enough || "$(dirname "$0")/apt-install.sh" nodejs npm || true
enough || {
    echo "Building the notebook extension needs Node.js 20 or newer with npm: install it first (Debian: apt-get install nodejs npm)." >&2
    exit 1
}
