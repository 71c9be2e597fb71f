#!/usr/bin/env bash
# Installs what a target of the Makefile needs, says what it does, and does nothing twice.
#
#     scripts/setup.sh build            system packages, Rust, ONNX Runtime: enough to build and run
#     scripts/setup.sh build lint       and cargo-deny, and buf when npm is there: enough to test
#     scripts/setup.sh build peer       and the Python environment of the peer loop in benches/peer
#     scripts/setup.sh kafka            Java and the jars of Apache Kafka, for `make kafka` and the tests
#     scripts/setup.sh postgres         PostgreSQL, for `make postgres` and the tests
#     scripts/setup.sh helm             helm and what checks the chart and compose.yaml (builds with Go)
#     scripts/setup.sh fuzz             schemathesis, which asks the console what its APIs allow
#     scripts/setup.sh web              Node, the packages of the console's web app, and its build
#     scripts/setup.sh browser          Debian's Chromium, for the tests that look at the console
#     scripts/setup.sh train            PyTorch and what models/train needs beside it
#     scripts/setup.sh train shapes     and the meshes of a traffic simulator, as further shapes
#
# System packages are installed on Debian 12 and Ubuntu 24.04. Elsewhere the script names what is
# missing and stops. Everything else goes into .wayside/ and, where Rust is missing, ~/.cargo.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
# shellcheck source=scripts/setup_system.sh
. "$here/setup_system.sh"
# shellcheck source=scripts/setup_tools.sh
. "$here/setup_tools.sh"
# shellcheck source=scripts/setup_kafka.sh
. "$here/setup_kafka.sh"
# shellcheck source=scripts/setup_postgres.sh
. "$here/setup_postgres.sh"
# shellcheck source=scripts/setup_helm.sh
. "$here/setup_helm.sh"
# shellcheck source=scripts/setup_web.sh
. "$here/setup_web.sh"

[ $# -gt 0 ] || set -- build
for part in "$@"; do
    case $part in
        build)
            install_packages system_package_table
            rust_toolchain
            onnxruntime
            ;;
        lint)
            rust_components
            install_cargo_deny
            install_buf
            ;;
        peer)
            install_packages peer_package_table
            python_environment peer python3 "$root/benches/peer/requirements.txt"
            ;;
        kafka)
            install_packages java_package_table
            kafka_jars
            kafka_archive
            ;;
        postgres)
            install_packages postgres_package_table
            ;;
        helm)
            install_packages peer_package_table
            python_environment helm-python python3 "$here/tools/helm/requirements.txt"
            install_helm
            ;;
        fuzz)
            install_packages peer_package_table
            python_environment fuzz python3 "$here/tools/api_fuzz/requirements.txt"
            ;;
        web)
            install_packages peer_package_table
            install_node
            web_packages
            web_build
            ;;
        browser)
            install_browser
            ;;
        train)
            install_packages train_package_table
            # Debian's PyTorch is seen by Debian's Python alone.
            python_environment train /usr/bin/python3 "$root/models/train/requirements.txt" \
                --system-site-packages
            ;;
        shapes)
            simulator_shapes
            ;;
        *) fail "unknown part '$part'" "known: build, lint, peer, kafka, postgres, helm, fuzz, web, browser, train, shapes" ;;
    esac
done
