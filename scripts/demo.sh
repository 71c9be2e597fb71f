#!/usr/bin/env bash
# Replays the example junction into out/demo and says what is there to open; on a terminal it then opens the
# console on the example, live. DEMO_CONSOLE=0 leaves that out, DEMO_CONSOLE=1 does it without a terminal.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
out=${1:-out/demo}

say "building (the first time takes about half an hour on two cores)"
cargo build --release --locked --package wayside

say "replaying examples/junction into $out"
target/release/wayside replay examples/junction/site.toml --out "$out"

if [ -f examples/junction/truth.csv ]; then
    say "against what really happened"
    target/release/wayside eval examples/junction/site.toml --truth examples/junction/truth.csv --results "$out"
fi

cat <<TEXT

The report is a page that needs no network:
    $root/$out/report.html
Open it in a browser, for example: xdg-open $out/report.html
Beside it: annotated.mp4 (the picture with what was seen), violations.jsonl, voids.jsonl,
certificate.json (checksums of all that went in and came out).
TEXT

console=${DEMO_CONSOLE:-}
if [ -z "$console" ] && [ -t 1 ] && [ -z "${CI:-}" ]; then
    console=1
fi
if [ "$console" = 1 ]; then
    scripts/demo_console.sh
else
    echo "The console on the example, live: scripts/demo_console.sh"
fi
