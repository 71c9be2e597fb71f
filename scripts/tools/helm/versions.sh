# Sourced: what checking the chart needs, at which version. All come through the Go module proxy.
# shellcheck shell=bash
go_version_min=1.26.0
helm_tools=(
    "helm helm.sh/helm/v3/cmd/helm@v3.22.0"
    "kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0"
    "compose-check github.com/compose-spec/compose-go/v2/cmd@v2.10.2"
)
# Module, then the files of it that hold schemas of kinds that are not Kubernetes' own.
helm_kinds=(
    "github.com/kedacore/keda/v2@v2.21.0 config/crd/bases/keda.sh_scaledobjects.yaml config/crd/bases/keda.sh_triggerauthentications.yaml"
    "github.com/prometheus-operator/prometheus-operator@v0.85.0 example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"
)
# Kubernetes versions that the renderings are held against: the oldest that Chart.yaml allows, one
# between, the newest there is a schema of.
kubernetes_versions=(1.27.0 1.32.0 1.37.0)
