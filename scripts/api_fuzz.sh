#!/usr/bin/env bash
# Asks the real console everything that the OpenAPI descriptions of its APIs allow, and much that they do not. No answer
# may be a server's error, nor one that the description has not. Ends with the result as Python's unittest prints it.
#
#     scripts/api_fuzz.sh                        the same questions each time, about a minute
#     API_FUZZ_EXAMPLES=500 scripts/api_fuzz.sh  more of them, in every role; API_FUZZ_SEED=N for others
#
# Left out are signing out, here or everywhere else, which would end the sessions that ask, and the stream of live
# events, which has no end. The account that asks is never the one whose roles are changed; a session that ends all the
# same is begun anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"

python=$tools/fuzz/bin/python
[ -x "$python" ] || fail "schemathesis is not there" "run: scripts/setup.sh fuzz"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A test fills the folder: violations with sealed packages, so that there is something to ask for.
WAYSIDE_FILL=$scratch/place cargo test --workspace --locked --quiet --test console_attacks -- \
    --exact places::what_is_put_there_is_seen_and_decided >"$scratch/fill.log" 2>&1 ||
    { cat "$scratch/fill.log"; fail "the data for the console could not be made"; }

more=()
[ -z "${API_FUZZ_EXAMPLES:-}" ] || more=(--every-role)
"$python" "$here/tools/api_fuzz" --place "$scratch/place" --program "${CARGO_TARGET_DIR:-target}/debug/wayside" \
    --examples "${API_FUZZ_EXAMPLES:-5}" --seed "${API_FUZZ_SEED:-1}" "${more[@]}"
