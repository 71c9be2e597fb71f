#!/usr/bin/env bash
# One PostgreSQL on localhost for trying things out, in the foreground until Ctrl-C. `make postgres`.
#
#     POSTGRES_PORT=5432    its port
#
# Data stay in out/postgres. Whoever is on this machine may connect, nobody else: not for production.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
# shellcheck source=scripts/setup_postgres.sh
. "$here/setup_postgres.sh"
port=${POSTGRES_PORT:-5432}
[[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65535 ] || fail "POSTGRES_PORT=$port is no port"

"$here/setup.sh" postgres
programs=$(postgres_programs)
data=$root/out/postgres
mkdir -p "$root/out"

# PostgreSQL refuses root. Then its own account runs it, in a folder that it can reach.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || fail "there is no account postgres to run PostgreSQL" \
        "the package postgresql makes it"
    as_owner=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
    mkdir -p "$data"
    if ! "${as_owner[@]}" test -x "$data"; then
        rmdir "$data" 2>/dev/null || true
        data=/var/tmp/wayside-postgres
        mkdir -p "$data"
        say "PostgreSQL's account cannot reach out/postgres: data in $data"
    fi
    chown postgres:postgres "$data"
fi

if [ ! -e "$data/PG_VERSION" ]; then
    say "PostgreSQL: making a database cluster in $data"
    (cd / && LC_ALL=C "${as_owner[@]}" "$programs/initdb" --pgdata "$data" --username wayside --auth trust \
        --encoding UTF8 --locale C >/dev/null) || fail "initdb failed; its message is above"
fi
[ "$(cat "$data/PG_VERSION")" = "$("$programs/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" ] ||
    fail "$data is of another version of PostgreSQL" "remove it, or set WAYSIDE_POSTGRES"

say "PostgreSQL: postgresql://wayside@localhost:$port/postgres; Ctrl-C stops it"
cd /
exec "${as_owner[@]}" "$programs/postgres" -D "$data" -p "$port" -k "$data" -c listen_addresses=localhost
