{{/* What the pods have that know signs: site folders with secrets beside the site file, templates. */}}

{{/* Volumes of site folders, as those of `wayside.siteVolumes`, with the secrets of signs in them. Takes (dict "root" $ "sites" NAMES). */}}
{{- define "wayside.signSiteVolumes" -}}
{{- range .sites }}
{{- $signs := default dict (index $.root.Values.sites .).signs }}
- name: site-{{ . }}
  {{- if $signs.existingSecret }}
  projected:
    defaultMode: 0440
    sources:
      - configMap:
          name: {{ include "wayside.siteConfigMap" (dict "root" $.root "site" .) }}
      - secret:
          name: {{ $signs.existingSecret }}
          items:
            {{- $folder := ternary $signs.folder "secrets" (hasKey $signs "folder") }}
            {{- range $signs.keys }}
            - { key: {{ . | quote }}, path: {{ ternary (printf "%s/%s" $folder .) . (ne $folder "") | quote }} }
            {{- end }}
  {{- else }}
  configMap:
    name: {{ include "wayside.siteConfigMap" (dict "root" $.root "site" .) }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "wayside.signTemplateVolumes" -}}
{{- if .Values.signs.templates }}
- name: sign-templates
  configMap:
    name: {{ include "wayside.fullname" . }}-sign-templates
{{- end }}
{{- end -}}

{{- define "wayside.signTemplateMounts" -}}
{{- if .Values.signs.templates }}
- { name: sign-templates, mountPath: /etc/wayside/sign-templates, readOnly: true }
{{- end }}
{{- end -}}
