#!/usr/bin/env bash
# Makes sure that Chromium is there, in which the tests look at notebooks and pages.
set -euo pipefail
if [ -x /usr/bin/chromium ]; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
else
    echo "The tests need Chromium at /usr/bin/chromium: install it first (Debian: apt-get install chromium)." >&2
    exit 1
fi
