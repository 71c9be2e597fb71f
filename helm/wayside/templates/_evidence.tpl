{{/* What evidence, review, the console and retention share: the object store, the database, files out of Secrets. */}}

{{- define "wayside.storeEnv" -}}
{{- $store := .Values.store -}}
- name: AWS_REGION
  value: {{ $store.region | quote }}
{{- with $store.endpoint }}
- name: AWS_ENDPOINT_URL
  value: {{ . | quote }}
{{- end }}
{{- if $store.allowHttp }}
- name: AWS_ALLOW_HTTP
  value: "true"
{{- end }}
{{- if $store.credentials.existingSecret }}
- name: WAYSIDE_S3_ACCESS_KEY_ID_FILE
  value: /etc/wayside/store/{{ $store.credentials.idKey }}
- name: WAYSIDE_S3_SECRET_ACCESS_KEY_FILE
  value: /etc/wayside/store/{{ $store.credentials.secretKey }}
{{- end }}
{{- if $store.caSecret.name }}
- name: WAYSIDE_S3_CA_FILE
  value: /etc/wayside/store-ca/{{ $store.caSecret.key }}
{{- end }}
{{- end -}}

{{- define "wayside.databaseEnv" -}}
- name: WAYSIDE_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.key }}
{{- if .Values.database.caSecret.name }}
- name: WAYSIDE_DATABASE_CA_FILE
  value: /etc/wayside/database-ca/{{ .Values.database.caSecret.key }}
{{- end }}
{{- end -}}

{{/* A Secret as files, only these keys of it. Takes (dict "name" VOLUME "secret" SECRET "keys" LIST). */}}
{{- define "wayside.secretVolume" -}}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    items:
      {{- range .keys }}
      - { key: {{ . | quote }}, path: {{ . | quote }} }
      {{- end }}
{{- end -}}

{{- define "wayside.secretMount" -}}
- { name: {{ . }}, mountPath: /etc/wayside/{{ . }}, readOnly: true }
{{- end -}}

{{- define "wayside.storeVolumes" -}}
{{- $store := .Values.store -}}
{{- if $store.credentials.existingSecret }}
{{ include "wayside.secretVolume" (dict "name" "store" "secret" $store.credentials.existingSecret "keys" (list $store.credentials.idKey $store.credentials.secretKey)) }}
{{- end }}
{{- if $store.caSecret.name }}
{{ include "wayside.secretVolume" (dict "name" "store-ca" "secret" $store.caSecret.name "keys" (list $store.caSecret.key)) }}
{{- end }}
{{- end -}}

{{- define "wayside.storeMounts" -}}
{{- if .Values.store.credentials.existingSecret }}
{{ include "wayside.secretMount" "store" }}
{{- end }}
{{- if .Values.store.caSecret.name }}
{{ include "wayside.secretMount" "store-ca" }}
{{- end }}
{{- end -}}

{{- define "wayside.databaseVolumes" -}}
{{- if .Values.database.caSecret.name }}
{{ include "wayside.secretVolume" (dict "name" "database-ca" "secret" .Values.database.caSecret.name "keys" (list .Values.database.caSecret.key)) }}
{{- end }}
{{- end -}}

{{- define "wayside.databaseMounts" -}}
{{- if .Values.database.caSecret.name }}
{{ include "wayside.secretMount" "database-ca" }}
{{- end }}
{{- end -}}

{{/* Network rules to one place of networkPolicy. Takes (dict "place" networkPolicy.NAME). */}}
{{- define "wayside.egressTo" -}}
- to:
    {{- include "wayside.peers" .place.to | trim | nindent 4 }}
  ports:
    {{- range .place.ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end -}}
