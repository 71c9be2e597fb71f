# Sourced by setup.sh: PostgreSQL, for the tests of `services/desk` and `make postgres`. The system's
# service is not used: tests and `make postgres` start servers of their own.
# shellcheck shell=bash

# Folder of initdb and postgres; empty where there is none. WAYSIDE_POSTGRES wins, here as in the tests.
postgres_programs() {
    if [ -n "${WAYSIDE_POSTGRES:-}" ]; then
        echo "$WAYSIDE_POSTGRES"
        return
    fi
    local newest
    newest=$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    [ -z "$newest" ] || dirname "$newest"
}

postgres_package_table() {
    cat <<'TABLE'
postgresql|test -x "${WAYSIDE_POSTGRES:-}/initdb" -a -x "${WAYSIDE_POSTGRES:-}/postgres" || ls /usr/lib/postgresql/*/bin/initdb
util-linux|command -v setpriv
TABLE
}
