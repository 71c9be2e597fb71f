#!/usr/bin/env bash
# Holds the contract in proto/ to its rules: `buf lint`, and `buf breaking` against the last release.
#     scripts/buf.sh             lint, breaking, and that both can fail
#     scripts/buf.sh release     the contract as it stands is released: renews proto/released/v1.binpb
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
released=proto/released/v1.binpb

# A line of a file under .wayside/buf-self-test/proto changes, and then COMMAND must fail.
must_fail() {
    local what=$1 file=$2 change=$3
    shift 3
    local copy=$tools/buf-self-test
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r proto/buf.yaml proto/wayside "$copy/"
    sed -i "$change" "$copy/wayside/v1/$file"
    if cmp -s "proto/wayside/v1/$file" "$copy/wayside/v1/$file"; then
        rm -rf "$copy"
        fail "the self-test of the contract's checks changed nothing ($what)" "look at scripts/buf.sh"
    fi
    local status=0
    "$buf" "$@" "$copy" >"$copy/said" 2>&1 || status=$?
    # 100 is what buf returns for findings; anything else is a failure of its own.
    if [ "$status" -ne 100 ]; then
        cat "$copy/said" >&2
        rm -rf "$copy"
        fail "buf did not refuse $what (status $status)" "look at proto/buf.yaml"
    fi
    rm -rf "$copy"
}

if [ ! -x "$buf" ]; then
    if [ -n "${CI:-}" ]; then
        fail "buf is not there, so the contract is not checked" "scripts/setup.sh lint installs it; it needs npm"
    fi
    warn "buf is not there: the contract is not checked (scripts/setup.sh lint installs it; it needs npm)"
    exit 0
fi

case ${1:-check} in
    check)
        "$buf" lint proto
        "$buf" breaking proto --against "$released"
        must_fail "a field that is taken out" violation.proto '/ string lane = 12;/d' breaking --against "$released"
        must_fail "a field with another number" signal.proto 's/ string group = 2;/ string group = 12;/' \
            breaking --against "$released"
        must_fail "a field with another type" observation.proto 's/ uint64 sequence = 4;/ string sequence = 4;/' \
            breaking --against "$released"
        must_fail "a field without snake_case" receipt.proto 's/ string what = 1;/ string What = 1;/' lint
        say "contract: lint and breaking hold; what breaks it is refused"
        ;;
    release)
        "$buf" lint proto
        if [ -f "$released" ]; then "$buf" breaking proto --against "$released"; fi
        mkdir -p "$(dirname "$released")"
        "$buf" build proto --exclude-source-info -o "$released"
        say "released: $released"
        ;;
    *) fail "unknown: $1" "scripts/buf.sh [check|release]" ;;
esac
