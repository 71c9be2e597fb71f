{{/* What signs must have. Site files in ConfigMaps of others cannot be seen from here; the program refuses those. */}}
{{- define "wayside.refuseSigns" -}}
{{- $v := .Values -}}
{{- $policy := $v.networkPolicy -}}

{{- range $name, $site := $v.sites -}}
{{- $signs := default dict $site.signs -}}
{{- if and $signs.existingSecret (not $signs.keys) -}}
{{- fail (printf "sites.%s.signs.keys: is empty although signs.existingSecret names a Secret; list the keys that the site file names as files" $name) -}}
{{- end -}}
{{- if and $signs.keys (not $signs.existingSecret) -}}
{{- fail (printf "sites.%s.signs.keys: are keys of no Secret; name it in sites.%s.signs.existingSecret" $name $name) -}}
{{- end -}}
{{- end -}}

{{- if $v.signs.enabled -}}
{{- $unseen := false -}}
{{- range $name, $site := $v.sites -}}
{{- if or $site.existingConfigMap (regexMatch "(?m)^\\s*\\[\\[\\s*sign\\s*\\]\\]" (default "" $site.toml)) -}}
{{- $unseen = true -}}
{{- end -}}
{{- $snmp := regexMatch "(?m)^\\s*\\[\\s*sign\\s*\\.\\s*snmp\\s*\\]" (default "" $site.toml) -}}
{{- if and $policy.enabled $snmp (not (dig "signs" "cidrs" list $site)) -}}
{{- fail (printf "sites.%s.signs.cidrs: is empty although its site file has a sign on the network ([sign.snmp]); say where its signs are" $name) -}}
{{- end -}}
{{- end -}}
{{- if not $unseen -}}
{{- fail "signs.enabled: no site file has a sign; give one of sites a [[sign]] (docs/signs.md), or leave signs off" -}}
{{- end -}}
{{- if not (or $v.signs.tls.existingSecret $v.signs.tls.terminatedElsewhere) -}}
{{- fail "signs.tls: no certificate, so anybody on the way could change what screens show; name signs.tls.existingSecret, or say signs.tls.terminatedElsewhere: true where something in front speaks TLS" -}}
{{- end -}}
{{- if eq (int $v.signs.port) (int $v.http.port) -}}
{{- fail "signs.port: is the port of health and metrics (http.port); take another" -}}
{{- end -}}
{{- if and $policy.enabled (not $policy.signs.from) -}}
{{- fail "networkPolicy.signs.from: is empty; say who may reach the pages of signs" -}}
{{- end -}}
{{- end -}}
{{- end -}}
