#!/usr/bin/env bash
# Makes sure that Chromium is there, in which the tests look at notebooks and pages.
set -euo pipefail
[ -x /usr/bin/chromium ] || "$(dirname "$0")/apt-install.sh" --no-install-recommends chromium fonts-dejavu-core || {
    echo "The tests need Chromium at /usr/bin/chromium: install it first (Debian: apt-get install chromium)." >&2
    exit 1
}
