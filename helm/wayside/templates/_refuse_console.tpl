{{/* What the console must have, besides what review must. */}}
{{- define "wayside.refuseConsole" -}}
{{- $v := .Values -}}
{{- $policy := $v.networkPolicy -}}
{{- if $v.console.enabled -}}

{{- if not $v.console.publicUrl -}}
{{- fail "console.publicUrl: is empty; passkeys, cookies and links hang on the address that browsers know. Say https://HOST" -}}
{{- end -}}
{{- if not (or $v.console.tls.existingSecret $v.console.tls.terminatedElsewhere) -}}
{{- fail "console.tls: no certificate, so passwords would go in clear; name console.tls.existingSecret, or say console.tls.terminatedElsewhere: true where an ingress in front speaks TLS" -}}
{{- end -}}
{{- if and $v.console.trustedProxies (not $v.console.tls.terminatedElsewhere) -}}
{{- fail "console.trustedProxies: names proxies although none is said to be in front; whoever has such an address could say to be anybody. Leave it empty, or say console.tls.terminatedElsewhere: true" -}}
{{- end -}}
{{- if eq (int $v.console.port) (int $v.http.port) -}}
{{- fail "console.port: is the port of health and metrics (http.port); take another" -}}
{{- end -}}
{{- if and $v.console.livePictures (not $v.clips.token.existingSecret) -}}
{{- fail "clips.token.existingSecret: is empty although console.livePictures is true; workers give pictures to whoever shows the token of this Secret. Name it, or say console.livePictures: false" -}}
{{- end -}}
{{- if and $v.console.oidc.files (not $v.console.oidc.existingSecret) -}}
{{- fail "console.oidc.files: are keys of no Secret; name it in console.oidc.existingSecret" -}}
{{- end -}}

{{- if $policy.enabled -}}
{{- if not $policy.console.from -}}
{{- fail "networkPolicy.console.from: is empty; say who may reach the console" -}}
{{- end -}}
{{- if and $v.console.oidc.existingSecret (not $policy.oidc.to) -}}
{{- fail "networkPolicy.oidc.to: is empty although console.oidc is set; say where the provider is" -}}
{{- end -}}
{{- end -}}

{{- end -}}
{{- end -}}
