{{/* What the schema cannot say. Each message names the value, what is wrong, and what to do. */}}
{{- define "wayside.refuse" -}}
{{- $v := .Values -}}
{{- $kafka := $v.kafka -}}
{{- $policy := $v.networkPolicy -}}

{{- if and $kafka.sasl.existingSecret $kafka.sasl.password -}}
{{- fail "kafka.sasl.password: stands inline although kafka.sasl.existingSecret names a Secret; remove the password from the values" -}}
{{- end -}}
{{- if $kafka.existingConfigSecret.name -}}
{{- if or (ne $kafka.sasl.mechanism "none") $kafka.sasl.existingSecret $kafka.sasl.password $kafka.sasl.username $kafka.properties -}}
{{- fail "kafka.existingConfigSecret: holds the whole configuration; leave kafka.sasl and kafka.properties at their defaults" -}}
{{- end -}}
{{- else if ne $kafka.sasl.mechanism "none" -}}
{{- if not $kafka.sasl.username -}}
{{- fail (printf "kafka.sasl.username: is empty although kafka.sasl.mechanism is %s" $kafka.sasl.mechanism) -}}
{{- end -}}
{{- if not (or $kafka.sasl.existingSecret $kafka.sasl.password) -}}
{{- fail "kafka.sasl: no password; name a Secret in kafka.sasl.existingSecret" -}}
{{- end -}}
{{- if and (eq $kafka.sasl.mechanism "PLAIN") (not $kafka.tls.enabled) -}}
{{- fail "kafka.sasl.mechanism: PLAIN without TLS sends the password in clear; set kafka.tls.enabled or take SCRAM" -}}
{{- end -}}
{{- else if or $kafka.sasl.existingSecret $kafka.sasl.password $kafka.sasl.username -}}
{{- fail "kafka.sasl.mechanism: is none although a user or a password is given; say which mechanism" -}}
{{- end -}}

{{- range $key, $_ := $kafka.properties -}}
{{- if regexMatch "password|secret|token|\\.pem$|jaas|oauthbearer" $key -}}
{{- fail (printf "kafka.properties: %s holds a secret; put it into the Secret of kafka.existingConfigSecret" $key) -}}
{{- end -}}
{{- if regexMatch "^(sasl\\.|ssl\\.(ca|certificate|key)|security\\.protocol$|bootstrap|metadata\\.broker|group\\.|transactional\\.id$|acks$|enable\\.idempotence$|isolation\\.level$|auto\\.offset\\.reset$|partition)" $key -}}
{{- fail (printf "kafka.properties: %s is set by kafka.bootstrap, kafka.tls, kafka.sasl or the program itself" $key) -}}
{{- end -}}
{{- end -}}
{{- range $part := list "ingest" "enforce" "evidence" "review" "retention" "signs" "console" -}}
{{- range $key, $_ := (index $v $part).env -}}
{{- if regexMatch "PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|CREDENTIAL" $key -}}
{{- fail (printf "%s.env: %s sounds like a secret; give it out of a Secret (sites.NAME.passwords)" $part $key) -}}
{{- end -}}
{{- if regexMatch "^(WAYSIDE_KAFKA|WAYSIDE_QDRANT|WAYSIDE_S3|WAYSIDE_DATABASE|WAYSIDE_CLIPS|WAYSIDE_INSTANCE|AWS_|POD_NAME$)" $key -}}
{{- fail (printf "%s.env: %s is set by the chart" $part $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- if and $v.qdrant.apiKey.existingSecret $v.qdrant.apiKey.value -}}
{{- fail "qdrant.apiKey.value: stands inline although qdrant.apiKey.existingSecret names a Secret; remove it from the values" -}}
{{- end -}}
{{- if and (or $v.qdrant.apiKey.existingSecret $v.qdrant.apiKey.value) (not (hasPrefix "https://" $v.qdrant.url)) -}}
{{- fail "qdrant.url: an API key needs https://, or it is sent in clear" -}}
{{- end -}}
{{- if and $v.enforce.enabled (not $v.qdrant.url) (or (gt (int $v.enforce.replicas) 1) (ne $v.enforce.autoscaling.kind "none")) -}}
{{- if not $v.enforce.noSections -}}
{{- fail "qdrant.url: is empty although there is more than one enforcer; they must share one index of passages. Set it, or enforce.replicas: 1, or enforce.noSections: true where no site has a section" -}}
{{- end -}}
{{- end -}}

{{- if and (or $v.ingest.enabled $v.enforce.enabled) (not $v.sites) -}}
{{- fail "sites: is empty; ingest and enforce need at least one junction" -}}
{{- end -}}
{{- if and (or $v.signs.enabled $v.console.enabled) (not $v.sites) -}}
{{- fail "sites: is empty; signs and the console need at least one junction" -}}
{{- end -}}
{{- range $name, $site := $v.sites -}}
{{- if and $site.existingConfigMap (or $site.toml $site.files $site.binaryFiles) -}}
{{- fail (printf "sites.%s: has existingConfigMap and toml, files or binaryFiles; keep one" $name) -}}
{{- end -}}
{{- if not (or $site.existingConfigMap $site.toml) -}}
{{- fail (printf "sites.%s: neither toml nor existingConfigMap" $name) -}}
{{- end -}}
{{- end -}}

{{- if $v.ingest.enabled -}}
{{- if and $v.ingest.workers (gt (int $v.ingest.spread.workers) 0) -}}
{{- fail "ingest.spread.workers: stands beside ingest.workers; keep one of the two" -}}
{{- end -}}
{{- if gt (int $v.ingest.spread.workers) (len $v.sites) -}}
{{- fail (printf "ingest.spread.workers: %d workers for %d sites; a site is never shared" (int $v.ingest.spread.workers) (len $v.sites)) -}}
{{- end -}}
{{- $workers := (include "wayside.workers" . | fromJson).workers -}}
{{- if not $workers -}}
{{- fail "ingest.workers: is empty; list workers with their sites, or set ingest.spread.workers" -}}
{{- end -}}
{{- $taken := dict -}}
{{- $names := dict -}}
{{- range $workers -}}
{{- $worker := .name -}}
{{- if hasKey $names $worker -}}
{{- fail (printf "ingest.workers: two are called %q" $worker) -}}
{{- end -}}
{{- $_ := set $names $worker true -}}
{{- range .sites -}}
{{- if not (hasKey $v.sites .) -}}
{{- fail (printf "ingest.workers: %q names the site %q, which is not in sites" $worker .) -}}
{{- end -}}
{{- if hasKey $taken . -}}
{{- fail (printf "ingest.workers: the site %q is with %q and with %q; its cameras would be read twice" . (index $taken .) $worker) -}}
{{- end -}}
{{- $_ := set $taken . $worker -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := $v.sites -}}
{{- if not (hasKey $taken $name) -}}
{{- fail (printf "ingest.workers: nobody takes the site %q" $name) -}}
{{- end -}}
{{- end -}}
{{- if not (or $policy.enabled $policy.enforcedElsewhere) -}}
{{- fail "networkPolicy.enabled: is false although ingest workers hold raw pixels; leave it on, or say networkPolicy.enforcedElsewhere: true where the cluster confines them by other means" -}}
{{- end -}}
{{- end -}}

{{- if $policy.enabled -}}
{{- if not $policy.kafka.to -}}
{{- fail "networkPolicy.kafka.to: is empty; say where the brokers are (podLabels, namespaceLabels or cidr)" -}}
{{- end -}}
{{- if and $v.qdrant.url $v.enforce.enabled (not $policy.qdrant.to) -}}
{{- fail "networkPolicy.qdrant.to: is empty although qdrant.url is set; say where Qdrant is" -}}
{{- end -}}
{{- if $v.ingest.enabled -}}
{{- range $name, $site := $v.sites -}}
{{- if not (dig "cameras" "cidrs" list $site) -}}
{{- fail (printf "sites.%s.cameras.cidrs: is empty; say where its cameras are, workers reach nothing else" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- include "wayside.refuseEvidence" . -}}
{{- include "wayside.refuseConsole" . -}}
{{- include "wayside.refuseSigns" . -}}

{{- $scaling := $v.enforce.autoscaling -}}
{{- if ne $scaling.kind "none" -}}
{{- if gt (int $scaling.replicasMin) (int $scaling.replicasMax) -}}
{{- fail "enforce.autoscaling.replicasMin: is above replicasMax" -}}
{{- end -}}
{{- if gt (int $scaling.replicasMax) (int $kafka.partitions) -}}
{{- fail (printf "enforce.autoscaling.replicasMax: %d enforcers for %d partitions (kafka.partitions); the rest would have no work" (int $scaling.replicasMax) (int $kafka.partitions)) -}}
{{- end -}}
{{- else if gt (int $v.enforce.replicas) (int $kafka.partitions) -}}
{{- fail (printf "enforce.replicas: %d enforcers for %d partitions (kafka.partitions); the rest would have no work" (int $v.enforce.replicas) (int $kafka.partitions)) -}}
{{- end -}}
{{- if eq $scaling.kind "keda" -}}
{{- if $kafka.existingConfigSecret.name -}}
{{- fail "enforce.autoscaling.kind: keda asks Kafka itself and cannot read kafka.existingConfigSecret; state kafka.tls and kafka.sasl instead, or take hpa" -}}
{{- end -}}
{{- if and (ne $kafka.sasl.mechanism "none") (not $scaling.keda.existingSecret) -}}
{{- fail "enforce.autoscaling.keda.existingSecret: is empty although Kafka asks for a password; name a Secret with user name and password" -}}
{{- end -}}
{{- end -}}
{{- end -}}
