# Sourced by setup.sh: what checking the Helm chart and compose.yaml needs, in .wayside/helm.
# shellcheck shell=bash
# shellcheck source=scripts/tools/helm/versions.sh
. "$here/tools/helm/versions.sh"

helm_folder=$tools/helm

go_version() { { "$1" env GOVERSION 2>/dev/null || true; } | sed 's/^go//'; }

# Sets `go`. A Go of the system that is too old fetches a newer one through the module proxy.
go_toolchain() {
    local found candidate
    for candidate in "$helm_folder/go/bin/go" "$(command -v go || true)" /usr/local/go/bin/go; do
        found=$(go_version "$candidate")
        if [ -n "$found" ] && version_at_least "$found" "$go_version_min"; then
            say "Go: $found is there ($go_version_min or newer is needed)"
            go=$candidate
            return
        fi
    done
    if ! command -v go >/dev/null; then
        install_packages go_package_table
    fi
    say "Go: ${found:-$(go_version go)} is too old, fetching $go_version_min through the module proxy"
    fetch_go
    found=$(go_version "$helm_folder/go/bin/go")
    version_at_least "${found:-0}" "$go_version_min" ||
        fail "Go $go_version_min or newer is needed to build helm, found ${found:-none}" \
            "install it (https://go.dev/dl), then run this again"
    go=$helm_folder/go/bin/go
}

go_package_table() { echo "golang-go|command -v go"; }

# A toolchain is a module like any other; its programs only lack the right to be executed.
fetch_go() {
    local arch folder
    case $(uname -m) in
        x86_64) arch=amd64 ;;
        aarch64) arch=arm64 ;;
        *) fail "no Go toolchain is pinned for $(uname -m)" "install Go $go_version_min or newer yourself" ;;
    esac
    folder=$(module_folder go "golang.org/toolchain@v0.0.1-go$go_version_min.linux-$arch")
    rm -rf "$helm_folder/go"
    mkdir -p "$helm_folder"
    cp -r "$folder" "$helm_folder/go"
    chmod -R u+w "$helm_folder/go"
    chmod +x "$helm_folder"/go/bin/* "$helm_folder"/go/pkg/tool/linux_"$arch"/*
}

# module_folder GO MODULE@VERSION: where the module lies, downloaded when it is not there.
module_folder() {
    local folder
    # Outside of any module; the checksum database has a say as usual.
    folder=$(cd / && "$1" mod download -json "$2" 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
    [ -d "$folder" ] || fail "the Go module $2 could not be had" "run: $1 mod download $2"
    echo "$folder"
}

install_helm() {
    local stamp=$helm_folder/versions.sh line name module file folder kinds=()
    if cmp -s "$here/tools/helm/versions.sh" "$stamp" && cmp -s "$here/tools/helm/schemas.py" "$helm_folder/schemas.py"; then
        say "helm, kubeconform, compose-check and schemas: there"
        return
    fi
    go_toolchain
    mkdir -p "$helm_folder/bin"
    for line in "${helm_tools[@]}"; do
        read -r name module <<<"$line"
        say "$name: building ${module##*@} into .wayside/helm/bin"
        folder=$(mktemp -d)
        (cd / && GOBIN=$folder GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0 "$go" install "$module") ||
            fail "$module could not be built" "Go's message above says why"
        mv "$folder"/* "$helm_folder/bin/$name"
        rmdir "$folder"
    done
    for line in "${helm_kinds[@]}"; do
        read -r module line <<<"$line"
        say "schemas: ${module%@*}"
        folder=$(module_folder "$go" "$module")
        for file in $line; do kinds+=("$folder/$file"); done
    done
    rm -rf "$helm_folder/schemas"
    "$tools/helm-python/bin/python" "$here/tools/helm/schemas.py" "$helm_folder/schemas" \
        --version "${kubernetes_versions[@]}" --kinds "${kinds[@]}"
    cp "$here/tools/helm/schemas.py" "$helm_folder/schemas.py"
    cp "$here/tools/helm/versions.sh" "$stamp"
}
