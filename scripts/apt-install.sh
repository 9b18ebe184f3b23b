#!/usr/bin/env bash
# Installs packages of Debian's, where it may; who comes meanwhile waits, since apt-get would refuse.
set -euo pipefail
command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || exit 1
exec 9>"${TMPDIR:-/tmp}/bestfix-apt.lock"
flock 9
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
