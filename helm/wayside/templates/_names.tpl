{{/* Names and labels. At most 24 characters, so that the longest name made of it (a worker's pod) fits 63. */}}
{{- define "wayside.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 24 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 24 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 24 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "wayside.release" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels by which pods of a component are found. Takes (dict "root" $ "component" NAME). */}}
{{- define "wayside.selector" -}}
{{ include "wayside.release" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "wayside.labels" -}}
{{ include "wayside.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "wayside.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "wayside.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Takes (dict "root" $ "over" IMAGE-or-nil). */}}
{{- define "wayside.image" -}}
{{- $image := .root.Values.image -}}
{{- $over := default dict .over -}}
{{- $repository := default $image.repository $over.repository -}}
{{- if or $over.repository $over.tag -}}
{{- printf "%s:%s" $repository (default (default .root.Chart.AppVersion $image.tag) $over.tag) -}}
{{- else if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}
