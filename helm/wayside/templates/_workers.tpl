{{/* The ingest workers as JSON: {"workers": [{"name", "sites", ...}]}, written out or dealt. */}}
{{- define "wayside.workers" -}}
{{- $workers := list -}}
{{- if .Values.ingest.workers -}}
{{- $workers = .Values.ingest.workers -}}
{{- else if gt (int .Values.ingest.spread.workers) 0 -}}
{{- $names := keys (default dict .Values.sites) | sortAlpha -}}
{{- $count := int .Values.ingest.spread.workers -}}
{{- range $i := until $count -}}
{{- $mine := list -}}
{{- range $n, $name := $names -}}
{{- if eq (mod $n $count) $i -}}{{- $mine = append $mine $name -}}{{- end -}}
{{- end -}}
{{- $workers = append $workers (dict "name" (printf "w%d" $i) "sites" $mine) -}}
{{- end -}}
{{- end -}}
{{- dict "workers" $workers | toJson -}}
{{- end -}}

{{/* The parts that ask workers for redacted pictures, with a space between: evidence for clips, the console for live ones. */}}
{{- define "wayside.asksWorkers" -}}
{{- $parts := list -}}
{{- if .Values.evidence.enabled -}}{{- $parts = append $parts "evidence" -}}{{- end -}}
{{- if and .Values.console.enabled .Values.console.livePictures -}}{{- $parts = append $parts "console" -}}{{- end -}}
{{- join " " $parts -}}
{{- end -}}

{{/* Volumes of site folders. Takes (dict "root" $ "sites" NAMES). */}}
{{- define "wayside.siteVolumes" -}}
{{- range .sites }}
- name: site-{{ . }}
  configMap:
    name: {{ include "wayside.siteConfigMap" (dict "root" $.root "site" .) }}
{{- end }}
{{- end -}}

{{- define "wayside.siteMounts" -}}
{{- range .sites }}
- name: site-{{ . }}
  mountPath: /etc/wayside/sites/{{ . }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "wayside.siteConfigMap" -}}
{{- $site := index .root.Values.sites .site -}}
{{- default (printf "%s-site-%s" (include "wayside.fullname" .root) .site) $site.existingConfigMap -}}
{{- end -}}
