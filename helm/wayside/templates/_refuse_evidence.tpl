{{/* What evidence, review, the console and retention must have. */}}
{{- define "wayside.refuseEvidence" -}}
{{- $v := .Values -}}
{{- $policy := $v.networkPolicy -}}
{{- /* The console serves the API of review. */ -}}
{{- $decides := or $v.review.enabled $v.console.enabled -}}
{{- $keeps := or $v.evidence.enabled $decides -}}

{{- if and (or $keeps $v.retention.enabled) (not $v.store.url) -}}
{{- fail "store.url: is empty although evidence, review, the console or retention is enabled; say where packages are kept (s3://BUCKET)" -}}
{{- end -}}
{{- if and (hasPrefix "http://" $v.store.endpoint) (not $v.store.allowHttp) -}}
{{- fail "store.endpoint: is http://, so packages would go in clear; take https://, or say store.allowHttp: true" -}}
{{- end -}}
{{- if and $keeps (not (or $v.retention.enabled $v.retention.enforcedElsewhere)) -}}
{{- fail "retention.enabled: is false although evidence, review or the console is enabled; nothing would ever be deleted (PV-2). Enable it, or say retention.enforcedElsewhere: true where something else runs `wayside retention run`" -}}
{{- end -}}

{{- if and (include "wayside.asksWorkers" .) (eq (int $v.clips.port) (int $v.http.port)) -}}
{{- fail "clips.port: is the port of health and metrics (http.port); take another" -}}
{{- end -}}
{{- if $v.evidence.enabled -}}
{{- if not $v.evidence.signingKey.existingSecret -}}
{{- fail "evidence.signingKey.existingSecret: is empty; name the Secret with the key that seals packages" -}}
{{- end -}}
{{- if not $v.clips.token.existingSecret -}}
{{- fail "clips.token.existingSecret: is empty although evidence is enabled; workers give clips to whoever shows the token of this Secret" -}}
{{- end -}}
{{- if gt (int $v.evidence.replicas) (int $v.kafka.partitions) -}}
{{- fail (printf "evidence.replicas: %d for %d partitions (kafka.partitions); the rest would have no work" (int $v.evidence.replicas) (int $v.kafka.partitions)) -}}
{{- end -}}
{{- end -}}

{{- if and (or $decides $v.retention.enabled) (not $v.database.existingSecret) -}}
{{- fail "database.existingSecret: is empty although review, the console or retention is enabled; name the Secret with the address of PostgreSQL" -}}
{{- end -}}

{{- if $decides -}}
{{- if not $v.review.tokens.existingSecret -}}
{{- fail "review.tokens.existingSecret: is empty; nobody could sign in. Name the Secret with the file of accounts" -}}
{{- end -}}
{{- if not $v.review.vaultKeys.existingSecret -}}
{{- fail "review.vaultKeys.existingSecret: is empty; plates are kept encrypted only. Name the Secret with the file of master keys" -}}
{{- end -}}
{{- if not $v.review.verifyKey.existingSecret -}}
{{- fail "review.verifyKey.existingSecret: is empty; name the Secret with the public key of whoever may seal packages" -}}
{{- end -}}
{{- end -}}
{{- if $v.review.enabled -}}
{{- if not (or $v.review.tls.existingSecret $v.review.tls.terminatedElsewhere) -}}
{{- fail "review.tls: no certificate, so tokens would go in clear; name review.tls.existingSecret, or say review.tls.terminatedElsewhere: true where an ingress in front speaks TLS" -}}
{{- end -}}
{{- if eq (int $v.review.port) (int $v.http.port) -}}
{{- fail "review.port: is the port of health and metrics (http.port); take another" -}}
{{- end -}}
{{- end -}}

{{- if $policy.enabled -}}
{{- if and (or $keeps $v.retention.enabled) (not $policy.store.to) -}}
{{- fail "networkPolicy.store.to: is empty although evidence, review, the console or retention is enabled; say where the object store is" -}}
{{- end -}}
{{- if and (or $decides $v.retention.enabled) (not $policy.database.to) -}}
{{- fail "networkPolicy.database.to: is empty although review, the console or retention is enabled; say where PostgreSQL is" -}}
{{- end -}}
{{- if and $v.review.enabled (not $policy.review.from) -}}
{{- fail "networkPolicy.review.from: is empty; say who may reach the API of review" -}}
{{- end -}}
{{- if and $decides $v.review.webhooks (not $policy.webhooks.to) -}}
{{- fail "networkPolicy.webhooks.to: is empty although review.webhooks is set; say where citations are sent" -}}
{{- end -}}
{{- end -}}
{{- end -}}
