#!/usr/bin/env bash
# Builds, then runs benches/run.py with what is given, the cost of the rules alone, live cameras (benches/live
# with what BENCH_LIVE says), and the fleet over Kafka (benches/fleet with what BENCH_FLEET says).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
"$here/setup.sh" kafka
cargo build --release --locked --package wayside --package wayside-broker
python3 benches/run.py "$@"
say "rules alone"
cargo bench --locked --package wayside-benches
say "live cameras"
read -r -a live <<<"${BENCH_LIVE:-bench}"
python3 benches/live "${live[@]}" --json out/bench/live.json
say "the fleet"
read -r -a fleet <<<"${BENCH_FLEET:-rate lag curve}"
python3 benches/fleet "${fleet[@]}" --json out/bench/fleet.json
