{{/* What all pods have in common. */}}

{{/* Above `containers`. Takes (dict "root" $ "component" NAME "part" VALUES-of-the-component). */}}
{{- define "wayside.podStart" -}}
{{- $pod := .root.Values.podSecurity -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $pod.runAsUser }}
  runAsGroup: {{ $pod.runAsGroup }}
  fsGroup: {{ $pod.fsGroup }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .part.terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ . }}
{{- end }}
{{- with .part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "wayside.selector" $ | nindent 8 }}
  {{- if .zones }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "wayside.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "wayside.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* The three probes and the port they ask. Takes (dict "root" $ "part" VALUES-of-the-component). */}}
{{- define "wayside.probes" -}}
startupProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  failureThreshold: {{ max 1 (div (int .part.startupSecondsMax) 5) }}
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 3
{{- end -}}

{{- define "wayside.httpArg" -}}
{{- $bind := .Values.http.bind -}}
{{- if contains ":" $bind -}}[{{ $bind }}]:{{ .Values.http.port }}{{- else -}}{{ $bind }}:{{ .Values.http.port }}{{- end -}}
{{- end -}}

{{/* Environment of every container: logs, what GStreamer and libraries want to write, the pod's name. */}}
{{- define "wayside.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: HOME
  value: /tmp
- name: WAYSIDE_LOG
  value: {{ .root.Values.log.level | quote }}
- name: WAYSIDE_LOG_FORMAT
  value: {{ .root.Values.log.format }}
{{- range $name, $value := .part.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* Scratch space: the root of the file system is read-only. */}}
{{- define "wayside.scratchMounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: scratch, mountPath: /var/lib/wayside }
{{- end -}}

{{- define "wayside.scratchVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
- name: scratch
  emptyDir:
    sizeLimit: {{ .scratchSize }}
{{- end -}}
