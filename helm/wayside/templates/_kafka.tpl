{{/* What every part of the program that speaks to Kafka shares. */}}

{{/* The librdkafka properties that the chart writes. No secret is among them. */}}
{{- define "wayside.kafkaProperties" -}}
{{- $kafka := .Values.kafka -}}
{{- $tls := $kafka.tls.enabled -}}
{{- $sasl := ne $kafka.sasl.mechanism "none" -}}
security.protocol={{ if and $tls $sasl }}SASL_SSL{{ else if $tls }}SSL{{ else if $sasl }}SASL_PLAINTEXT{{ else }}PLAINTEXT{{ end }}
{{- if and $tls $kafka.tls.caSecret.name }}
ssl.ca.location=/etc/wayside/kafka-ca/{{ $kafka.tls.caSecret.key }}
{{- end }}
{{- if and $tls $kafka.tls.clientSecret.name }}
ssl.certificate.location=/etc/wayside/kafka-client/{{ $kafka.tls.clientSecret.certKey }}
ssl.key.location=/etc/wayside/kafka-client/{{ $kafka.tls.clientSecret.keyKey }}
{{- end }}
{{- if $sasl }}
sasl.mechanism={{ $kafka.sasl.mechanism }}
sasl.username={{ $kafka.sasl.username }}
{{- end }}
{{- range $key, $value := $kafka.properties }}
{{ $key }}={{ $value }}
{{- end }}
{{- end -}}

{{/* Name of the ConfigMap or Secret of this part; hooks run before the release's own exist. Takes (dict "root" $ "hook" BOOL). */}}
{{- define "wayside.kafkaName" -}}
{{- printf "%s-%s" (include "wayside.fullname" .root) (ternary "topics-kafka" "kafka" .hook) -}}
{{- end -}}

{{- define "wayside.kafkaEnv" -}}
{{- $kafka := .root.Values.kafka -}}
- name: WAYSIDE_KAFKA
  value: {{ join "," $kafka.bootstrap | quote }}
- name: WAYSIDE_KAFKA_CONFIG
  value: /etc/wayside/kafka/{{ if $kafka.existingConfigSecret.name }}{{ $kafka.existingConfigSecret.key }}{{ else }}kafka.properties{{ end }}
{{- if and (not $kafka.existingConfigSecret.name) (ne $kafka.sasl.mechanism "none") }}
- name: WAYSIDE_KAFKA_PASSWORD
  valueFrom:
    secretKeyRef:
      {{- if $kafka.sasl.existingSecret }}
      name: {{ $kafka.sasl.existingSecret }}
      key: {{ $kafka.sasl.passwordKey }}
      {{- else }}
      name: {{ include "wayside.kafkaName" . }}
      key: password
      {{- end }}
{{- end }}
{{- end -}}

{{- define "wayside.kafkaVolumes" -}}
{{- $kafka := .root.Values.kafka -}}
- name: kafka
  {{- if $kafka.existingConfigSecret.name }}
  secret:
    secretName: {{ $kafka.existingConfigSecret.name }}
    defaultMode: 0440
  {{- else }}
  configMap:
    name: {{ include "wayside.kafkaName" . }}
  {{- end }}
{{- if $kafka.tls.caSecret.name }}
- name: kafka-ca
  secret:
    secretName: {{ $kafka.tls.caSecret.name }}
    defaultMode: 0440
    items:
      - { key: {{ $kafka.tls.caSecret.key | quote }}, path: {{ $kafka.tls.caSecret.key | quote }} }
{{- end }}
{{- if $kafka.tls.clientSecret.name }}
- name: kafka-client
  secret:
    secretName: {{ $kafka.tls.clientSecret.name }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{- define "wayside.kafkaMounts" -}}
{{- $kafka := .root.Values.kafka -}}
- { name: kafka, mountPath: /etc/wayside/kafka, readOnly: true }
{{- if $kafka.tls.caSecret.name }}
- { name: kafka-ca, mountPath: /etc/wayside/kafka-ca, readOnly: true }
{{- end }}
{{- if $kafka.tls.clientSecret.name }}
- { name: kafka-client, mountPath: /etc/wayside/kafka-client, readOnly: true }
{{- end }}
{{- end -}}
