#!/usr/bin/env bash
# Lints the Helm chart, renders its variants (helm/wayside/ci), holds them against the schemas of
# Kubernetes, checks what every rendering must keep and what must be refused, and reads compose.yaml.
# Needs no cluster and no network. Ends with a count; fails when anything does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
# shellcheck source=scripts/tools/helm/versions.sh
. "$here/tools/helm/versions.sh"
cd "$root"

bin=$tools/helm/bin
chart=helm/wayside
newest=${kubernetes_versions[-1]}
for tool in helm kubeconform compose-check; do
    [ -x "$bin/$tool" ] || fail "$tool is not there" "run: scripts/setup.sh helm"
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/rendered"

passed=0 failed=0
# check NAME COMMAND...: `ok`, or `FAIL` with what the command says.
check() {
    local name=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        head -n 40 "$scratch/said" | sed 's/^/     /'
    fi
}

render() {
    "$bin/helm" template x "$chart" --namespace city --kube-version "$newest" --values "$1" >"$2"
}

# conform VERSION FILE: unknown kinds and unknown keys are errors.
conform() {
    "$bin/kubeconform" -strict -kubernetes-version "$1" \
        -schema-location "$tools/helm/schemas/$1/{{ .ResourceKind }}{{ .KindSuffix }}.json" \
        -schema-location "$tools/helm/schemas/kinds/{{ .ResourceKind }}{{ .KindSuffix }}.json" "$2"
}

refuses() { ! "$@"; }

for values in "$chart"/ci/*.yaml; do
    name=$(basename "$values" .yaml)
    check "lint: $name" "$bin/helm" lint --strict --quiet --kube-version "$newest" --values "$values" "$chart"
    check "renders: $name" render "$values" "$scratch/rendered/$name.yaml"
done
for version in "${kubernetes_versions[@]}"; do
    check "schemas of Kubernetes $version: all variants" conform "$version" "$scratch/rendered"
done

# The schemas themselves must be able to refuse.
fault() {
    sed "$2" "$scratch/rendered/keda.yaml" >"$scratch/fault.yaml"
    ! cmp -s "$scratch/rendered/keda.yaml" "$scratch/fault.yaml" || fail "the fault '$1' changes nothing"
    check "schemas refuse: $1" refuses conform "$newest" "$scratch/fault.yaml"
}
fault "unknown key of a container" 's/^\( *\)imagePullPolicy:/\1imagePullPolice:/'
fault "text for a number" 's/^\( *\)backoffLimit: .*/\1backoffLimit: six/'
fault "unknown key of a ScaledObject" 's/^\( *\)maxReplicaCount:/\1replicaCountMax:/'
fault "kind that does not exist" 's/^kind: PodDisruptionBudget/kind: PodDisruptionBudgets/'

# compose-check reads no environment and leaves profiles out: the password that compose.yaml asks for
# is put in, and every service is taken.
# shellcheck disable=SC2016
sed 's/\${WAYSIDE_POSTGRES_PASSWORD[^}]*}/for-the-check/; /^    profiles:/d' compose.yaml >"$scratch/sound.yaml"
compose_fault() {
    sed "$2" "$scratch/sound.yaml" >"$scratch/compose.yaml"
    ! cmp -s "$scratch/sound.yaml" "$scratch/compose.yaml" || fail "the fault '$1' changes nothing"
    check "compose.yaml is refused with: $1" refuses "$bin/compose-check" "$scratch/compose.yaml"
}
check "compose.yaml" "$bin/compose-check" "$scratch/sound.yaml"
compose_fault "unknown key" 's/^    image:/    imagine:/'
compose_fault "text for a list" 's/^    networks: \[bus\]/    networks: bus/'
check "compose.yaml is refused without a password" refuses "$bin/compose-check" compose.yaml

echo "test result: $([ "$failed" = 0 ] && echo ok || echo FAILED). $passed passed; $failed failed; 0 ignored"
status=$failed
PYTHONDONTWRITEBYTECODE=1 "$tools/helm-python/bin/python" "$here/tools/helm/check.py" \
    "$bin/helm" "$root/$chart" "$scratch/rendered" "$newest" || status=1
[ "$status" = 0 ]
