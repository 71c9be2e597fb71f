#!/usr/bin/env bash
# Builds, then runs benches/run.py with what is given, the cost of the rules alone, and live cameras:
# benches/live with what BENCH_LIVE says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
cargo build --release --locked --package wayside
python3 benches/run.py "$@"
say "rules alone"
cargo bench --locked --package wayside-benches
say "live cameras"
read -r -a live <<<"${BENCH_LIVE:-bench}"
python3 benches/live "${live[@]}" --json out/bench/live.json
