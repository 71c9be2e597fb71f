# Sourced by the other scripts: where things are, and how they speak. Changes nothing on disk.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.wayside
onnxruntime_version=1.31.1
onnxruntime_library=$tools/onnxruntime/$onnxruntime_version/libonnxruntime.so.$onnxruntime_version
cargo_deny_version=0.20.2
cargo_deny=$tools/cargo-deny/$cargo_deny_version/cargo-deny
buf=$tools/buf/buf
kafka_version=$(sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$root/scripts/tools/kafka/pom.xml")
kafka_libs=$tools/kafka/$kafka_version/libs

say() { printf '==> %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

rust_version_min() { sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1; }
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
# Empty where there is no cargo.
cargo_version() { { cargo --version 2>/dev/null || true; } | awk '{print $2}'; }

# rustup's programs come before an older cargo of the distribution.
if [ -d "${CARGO_HOME:-$HOME/.cargo}/bin" ]; then
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
fi
export PATH
# A default toolchain that is too old stays as it is; ours is then rustup's stable one.
if command -v rustup >/dev/null && ! version_at_least "$(cargo_version)" "$(rust_version_min)"; then
    export RUSTUP_TOOLCHAIN=stable
fi

# The program and the tests look for these by themselves; a setting of the caller wins.
export WAYSIDE_ONNXRUNTIME=${WAYSIDE_ONNXRUNTIME:-$onnxruntime_library}
export WAYSIDE_KAFKA_LIBS=${WAYSIDE_KAFKA_LIBS:-$kafka_libs}
if [ -z "${WAYSIDE_MODELS:-}" ] && [ -d "$root/../shared/models" ]; then
    WAYSIDE_MODELS=$(cd "$root/../shared/models" && pwd)
    export WAYSIDE_MODELS
fi
