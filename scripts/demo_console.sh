#!/usr/bin/env bash
# The example as a live junction: its clip is the camera, and the console shows it, until Ctrl-C.
#     scripts/demo_console.sh [DIR]      data in DIR (out/console), anew at each start
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"
out=${1:-out/console}
wayside=target/release/wayside
# Length of the clip, and how often it is played before its signals end.
clip_s=84.4
rounds=${DEMO_ROUNDS:-43}

rm -rf "$out"
mkdir -p "$out"
start=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# The camera plays the clip in a loop, so the signals are told in a loop too: at each beginning the states
# that were in force at second 0.
awk -F, -v clip="$clip_s" -v rounds="$rounds" '
    NR == 1 { print; next }
    $1 <= 0 { if (!($2 in first)) order[++groups] = $2; first[$2] = $3; print; next }
    { time[++rows] = $1; group[rows] = $2; state[rows] = $3 }
    END {
        for (round = 0; round < rounds; round++) {
            for (k = 1; round > 0 && k <= groups; k++)
                printf "%.3f,%s,%s\n", round * clip, order[k], first[order[k]]
            for (k = 1; k <= rows; k++)
                if (time[k] < clip)
                    printf "%.3f,%s,%s\n", round * clip + time[k], group[k], state[k]
        }
    }' examples/junction/signals.csv >"$out/signals.csv"
# A place in the sea, so that the map has something to show: the example is nowhere.
sed -e "s/^start = .*/start = \"$start\"/" \
    -e 's/^\[signals\]$/[site.position]\nlatitude_deg = 0.0\nlongitude_deg = 0.0\n\n[signals]/' \
    examples/junction/site.toml >"$out/site.toml"
# Appended, the table belongs to the one camera that there is.
cat >>"$out/site.toml" <<TOML

[camera.rtsp]
url = "rtsp://127.0.0.1:8554/camera"
clock_reference = "first_report"
TOML

"$wayside" camera examples/junction/clip.mp4 --start "$start" >"$out/camera.log" 2>&1 &
camera=$!
trap 'kill "$camera" 2>/dev/null || true' EXIT
for _ in $(seq 50); do
    [ -s "$out/camera.log" ] && break
    sleep 0.1
done
kill -0 "$camera" 2>/dev/null || fail "the example's camera does not start: $(tail -n 2 "$out/camera.log")" \
    "is something else on port 8554?"

cat <<'TEXT'

The console comes up at http://localhost:8088 with the example as a live junction; Ctrl-C ends it.
  1. Open the link below, make your account, and watch the junction: the first violation comes within a minute.
  2. Go to Review, press Enter for the first case, and decide it with the keys that stand on the buttons.
  3. Put http://localhost:9490 next to it: the screen on the square warns while somebody crosses on red.

TEXT
"$wayside" run "$out/site.toml" --data "$out/data" --sites-folder "$out" --console --signs
