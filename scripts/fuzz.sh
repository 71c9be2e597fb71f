#!/usr/bin/env bash
# Each reader for FUZZ_SECONDS (60); FUZZ_SEED repeats a run. The program is built with the tests' settings.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
cargo run --locked --package wayside-fuzz -- "${FUZZ_SECONDS:-60}" ${FUZZ_SEED:+"$FUZZ_SEED"}
