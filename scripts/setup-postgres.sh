#!/usr/bin/env bash
# Makes sure that a PostgreSQL server can be started by the tests; it starts none and touches no running cluster.
set -euo pipefail
if command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && mkdir -p /etc/postgresql-common; then
    grep -qs create_main_cluster /etc/postgresql-common/createcluster.conf ||
        echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf
fi
"$(dirname "$0")/apt-install.sh" postgresql || {
    echo "The tests need a PostgreSQL server: install it first (Debian: apt-get install postgresql)." >&2
    exit 1
}
