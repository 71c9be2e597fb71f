#!/usr/bin/env bash
# The long runs: sixteen cameras with a faulty one, a fleet over Kafka that is killed for five minutes, the
# other tests named soak_ (from violations to packages, reviewers at the desk), reviewers who race over HTTP, the
# APIs of the console asked by schemathesis, and reconnects. Fails where a promise breaks: frames that a good camera lost,
# memory, threads or descriptors that grow, sums that do not close, records that a kill lost or doubled.
# Time alone never fails it. What was said is kept in out/soak.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root"

minutes=${SOAK_MINUTES:-10}
cycles=${WAYSIDE_CYCLES:-200}
# Of resident memory over all cycles: what a heap does by itself, and 80 kB a session at the usual 200.
growth_kb_max=16384
for number in "$minutes" "$cycles"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || fail "SOAK_MINUTES and WAYSIDE_CYCLES are whole numbers, not $number"
done
out=$root/out/soak
mkdir -p "$out"
summary=()
status=0

# step NAME LIMIT_S COMMAND...: runs it to its end or for so long, keeps what it says, notes how it went.
step() {
    local name=$1 limit=$2 began=$SECONDS code=0
    shift 2
    say "$name (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
    timeout --kill-after=30 "$limit" "$@" </dev/null 2>&1 | tee "$out/$name.log" || code=$?
    note "$name" "$code" "$((SECONDS - began)) s"
}

note() {
    local word=held
    if [ "$2" -ne 0 ]; then
        word=BROKEN
        status=1
    fi
    summary+=("$(printf '%-10s %-7s %s' "$1" "$word" "$3")")
}

# Without Kafka and PostgreSQL their tests would skip.
"$here/setup.sh" kafka postgres fuzz
say "builds"
cargo build --release --locked --package wayside
cargo test --workspace --locked --no-run

# Cameras first: they are also measured, and the machine is quietest now.
step sixteen "$((minutes * 60 + 600))" \
    python3 benches/live sixteen --minutes "$minutes" --json "$out/sixteen.json"

# Alone, for its times.
step fleet 1500 cargo test --locked --package wayside --test fleet -- --ignored --nocapture soak_kills

step tests 5400 cargo test --workspace --locked --no-fail-fast -- --ignored soak_ --skip soak_kills_leave
ran=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$out/tests.log")
[ "$ran" -gt 0 ] || note tests 1 "no test named soak_ has passed"

# Fifty reviewers over HTTP; the usual tests let them race for some hundred cases.
step race 1800 env WAYSIDE_RACE_CASES="${WAYSIDE_RACE_CASES:-10000}" \
    cargo test --workspace --locked --test race -- --nocapture

# What nobody thought of, asked of the console; the usual tests ask a little of it.
step fuzz 3600 env API_FUZZ_EXAMPLES="${API_FUZZ_EXAMPLES:-300}" "$here/api_fuzz.sh"

export WAYSIDE_CYCLES=$cycles
step reconnects "$((cycles * 15 + 300))" \
    cargo test --locked --package wayside-capture --test live_leaks -- --nocapture sessions_leave
grown=$(sed -n 's/.*, \([0-9]*\) kB then \([0-9]*\) kB.*/\1 \2/p' "$out/reconnects.log" | awk '{ print $2 - $1 }')
if [ -z "$grown" ]; then
    note memory 1 "the test of reconnects did not tell its memory"
else
    note memory "$((grown > growth_kb_max))" "$grown kB more after $cycles sessions, at most $growth_kb_max"
fi

say "soak, $((SECONDS / 60)) min $((SECONDS % 60)) s; what was said is in out/soak"
printf '%s\n' "${summary[@]}"
exit "$status"
