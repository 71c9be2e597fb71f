#!/usr/bin/env bash
# Makes the models of our own, from nothing to the files in models/. About two hours on two cores; what
# is already there in .wayside/models-work is not made again, so an interrupted run goes on.
#
# The same seeds give the same pictures on the same driver; training in bfloat16 differs in the last
# bits between processors, so another machine's files have another checksum and figures alike.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$root/models/train"
work=${WAYSIDE_MODELS_WORK:-$tools/models-work}
out=${WAYSIDE_MODELS_OUT:-$root/models}
python=$tools/train/bin/python
minutes=${DETECTOR_MINUTES:-98}
export OMP_NUM_THREADS=1 LP_NUM_THREADS=1
mkdir -p "$work" "$out"

# once NAME COMMAND...: runs a step that a mark beside its result says was not run.
once() {
    local mark=$work/$1.done
    shift
    if [ -e "$mark" ]; then
        say "${mark##*/}: there"
        return
    fi
    say "$*"
    "$@"
    touch "$mark"
}

render() {
    rm -rf "${work:?}/$1"
    "$python" . render "$work/$1" "${@:2}"
}

# Two at a time; each picture costs about half a second of one core.
render_all() {
    local jobs=()
    render a --frames 1600 --seed 101 &
    jobs+=($!)
    render b --frames 1000 --seed 404 --rare 10 &
    jobs+=($!)
    wait "${jobs[@]}"
    render c --frames 1000 --seed 505 --rare 18 &
    jobs=($!)
    # Junctions, poses and bodies that no training picture shows.
    render held --frames 400 --seed 90001 --rare 6 &
    jobs+=($!)
    wait "${jobs[@]}"
}

once pictures render_all
once detector "$python" . fit --data "$work/a" --data "$work/b" --data "$work/c" \
    --minutes "$minutes" --out "$work/junction.pt" --seed 1
once export "$python" . export "$work/junction.pt" --data "$work/a" --out "$out"
once crops "$python" . embed-crops "$work/crops" --identities 4200 --seed 1
once embedder "$python" . embed-fit "$work/crops" "$work/embedder.pt"
once embedder-export "$python" . embed-export "$work/embedder.pt" "$out/wayside-vehicle-embed.onnx"

outline_crops() {
    rm -rf "${work:?}/outline"
    "$python" . outline-crops "$work/outline" --scenes "${OUTLINE_SCENES:-54}" --first 310101
}
once outline-crops outline_crops
once outline "$python" . outline-fit "$work/outline" "$work/outline.pt" --bfloat16 \
    --minutes "${OUTLINE_MINUTES:-25}" --held 3
once outline-export "$python" . outline-export "$work/outline.pt" "$out/wayside-outline.onnx"

say "figures of the detector"
others=()
if [ -n "${WAYSIDE_MODELS:-}" ] && [ -f "$WAYSIDE_MODELS/yolox_nano_dyn.onnx" ]; then
    others=(--model "$WAYSIDE_MODELS/yolox_nano_dyn.onnx")
fi
"$python" . score --data "$work/held" --model "$out/wayside-junction.onnx" \
    --model "$out/wayside-junction-fp32.onnx" "${others[@]}"
say "figures of the embedder, unseen vehicles and cameras"
once unseen-crops "$python" . embed-crops "$work/unseen" --identities 700 --seed 1001
"$python" . embed-score "$work/unseen" "$out/wayside-vehicle-embed.onnx"
say "put the new sizes and checksums into models/manifest.toml:"
for file in wayside-junction.onnx wayside-junction-fp32.onnx wayside-vehicle-embed.onnx wayside-outline.onnx; do
    sha256sum "$out/$file"
done
