#!/usr/bin/env bash
# Everything that has to hold before a change goes in. Ends with the number of tests, alone on a line.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
# shellcheck source=scripts/setup_web.sh
. "$here/setup_web.sh"
use_node || fail "Node is not there" "run: scripts/setup.sh web"
cd "$root"

step() {
    say "$1 (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
    shift
    "$@"
}

if [ -n "${WAYSIDE_MODELS:-}" ]; then
    say "models beside those that ship with the program: $WAYSIDE_MODELS"
else
    say "models: those that ship with the program; tests of others say that they skip (set WAYSIDE_MODELS)"
fi

step "format" cargo fmt --all --check
step "clippy" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
# Crates of other platforms too: a build here needs none of them, and their licences count.
cargo fetch --locked --quiet
step "licences, bans, sources" "$cargo_deny" --offline --log-level error check licenses bans sources
step "contract: lint, and against the last release" "$here/buf.sh"
step "web app: lint, types" npm run --silent verify --prefix "$web"

mkdir -p "$tools"
log=$tools/test.log
say "tests (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
status=0
cargo test --workspace --locked --no-fail-fast 2>&1 </dev/null | tee "$log" || status=$?

say "web app (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
NO_COLOR=1 npm run --silent test --prefix "$web" 2>&1 </dev/null | tee -a "$log" || status=$?

say "APIs of the console, asked by schemathesis (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
"$here/api_fuzz.sh" 2>&1 </dev/null | tee -a "$log" || status=$?

say "Helm chart and compose.yaml (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
"$here/helm.sh" 2>&1 </dev/null | tee -a "$log" || status=$?

say "training of the models, in small (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
train=$tools/train/bin/python
(cd models/train && "$train" -m unittest discover --start-directory tests --top-level-directory . 2>&1 </dev/null) |
    tee -a "$log" || status=$?
"$train" models/train smoke </dev/null >"$tools/smoke.log" 2>&1 || {
    status=$?
    cat "$tools/smoke.log"
}
tail -n 1 "$tools/smoke.log"

say "done after $((SECONDS / 60)) min $((SECONDS % 60)) s"
"$here/count_tests.sh" "$log"
exit "$status"
