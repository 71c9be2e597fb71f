{{/* One peer of a network policy. */}}
{{- define "wayside.peer" -}}
{{- if .cidr -}}
ipBlock:
  cidr: {{ .cidr }}
{{- else -}}
{{- with .namespaceLabels -}}
namespaceSelector:
  matchLabels:
    {{- toYaml . | nindent 4 }}
{{ end -}}
{{- with .podLabels -}}
podSelector:
  matchLabels:
    {{- toYaml . | nindent 4 }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Peers as a list. */}}
{{- define "wayside.peers" -}}
{{- range . }}
- {{ include "wayside.peer" . | trim | nindent 2 | trim }}
{{- end }}
{{- end -}}

{{/* The egress that every component has: names, and the bus. */}}
{{- define "wayside.egressBase" -}}
{{- $policy := .Values.networkPolicy -}}
- to:
    {{- include "wayside.peers" $policy.dns.to | trim | nindent 4 }}
  ports:
    {{- range $policy.dns.ports }}
    - { protocol: UDP, port: {{ . }} }
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
- to:
    {{- include "wayside.peers" $policy.kafka.to | trim | nindent 4 }}
  ports:
    {{- range $policy.kafka.ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end -}}

{{/* Metrics, from where they are collected. */}}
{{- define "wayside.ingressMetrics" -}}
{{- with .Values.networkPolicy.prometheus.from }}
- from:
    {{- include "wayside.peers" . | trim | nindent 4 }}
  ports:
    - { protocol: TCP, port: {{ $.Values.http.port }} }
{{- end }}
{{- end -}}
