# Sourced by setup.sh: system packages.
# shellcheck shell=bash

# Name of the Debian package, then a command that succeeds where its content is there by other means.
# No `ugly` plugins: their x264 is GPL; H.264 is decoded by libav and encoded by OpenH264 (bad).
system_package_table() {
    cat <<'TABLE'
gcc|command -v cc
libc6-dev|echo '#include <stdio.h>' | cc -E -x c - >/dev/null
g++|command -v c++
make|command -v make
pkg-config|command -v pkg-config
libssl-dev|pkg-config --exists openssl
zlib1g-dev|pkg-config --exists zlib
ca-certificates|test -e /etc/ssl/certs/ca-certificates.crt -o -e /etc/pki/tls/certs/ca-bundle.crt -o -e /etc/ssl/cert.pem
curl|command -v curl
python3|command -v python3
python3-pip|python3 -m pip --version
libgstreamer1.0-dev|pkg-config --exists 'gstreamer-1.0 >= 1.20'
libgstreamer-plugins-base1.0-dev|pkg-config --exists 'gstreamer-app-1.0 >= 1.20' 'gstreamer-video-1.0 >= 1.20'
gstreamer1.0-tools|command -v gst-inspect-1.0
gstreamer1.0-plugins-base|gst-inspect-1.0 --exists videoconvert
gstreamer1.0-plugins-good|gst-inspect-1.0 --exists qtdemux
gstreamer1.0-plugins-bad|gst-inspect-1.0 --exists h264parse
gstreamer1.0-libav|gst-inspect-1.0 --exists avdec_h264
glib-networking|ls "$(pkg-config --variable=giomoduledir gio-2.0)"/libgio{gnutls,openssl}.so 2>/dev/null | grep -q .
TABLE
}

# Only the peer loop has a Python environment of its own.
peer_package_table() {
    echo "python3-venv|python3 -c 'import venv, ensurepip'"
}

# Debian's Python, its PyTorch (the one of PyPI brings gigabytes for graphics cards), and a driver that
# draws without one.
train_package_table() {
    cat <<'TABLE'
python3-torch|/usr/bin/python3 -c 'import torch'
python3-numpy|/usr/bin/python3 -c 'import numpy'
python3-venv|/usr/bin/python3 -c 'import venv, ensurepip'
libegl1|ldconfig -p | grep -q libEGL.so.1
libegl-mesa0|ldconfig -p | grep -q libEGL_mesa.so.0
libgl1-mesa-dri|ls /usr/lib/*/dri/swrast_dri.so
libgl1|ldconfig -p | grep -q libGL.so.1
TABLE
}

# missing_packages TABLE
missing_packages() {
    local name probe
    while IFS='|' read -r name probe; do
        bash -c "$probe" >/dev/null 2>&1 </dev/null || echo "$name"
    done < <("$1")
}

system_name() {
    if [ -r /etc/os-release ]; then
        (. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-}")
    else
        uname -sr
    fi
}

# install_packages TABLE: what is missing of it.
install_packages() {
    local missing name
    mapfile -t missing < <(missing_packages "$1")
    if [ ${#missing[@]} -eq 0 ]; then
        say "system packages: all there"
        return
    fi
    name=$(system_name)
    case $name in
        "debian 12" | "ubuntu 24.04") ;;
        *)
            fail "this is $name; packages are installed by themselves only on Debian 12 and Ubuntu 24.04" \
                "missing here, by their Debian names: ${missing[*]}" \
                "install what your system calls them (GStreamer 1.20 or newer), then run this again"
            ;;
    esac
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "system packages are missing and there is no sudo" \
            "as root: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "system packages: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q </dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null
    mapfile -t missing < <(missing_packages "$1")
    [ ${#missing[@]} -eq 0 ] || fail "installed, and yet not found: ${missing[*]}" \
        "a program of the same name may stand before the system's in PATH"
}
