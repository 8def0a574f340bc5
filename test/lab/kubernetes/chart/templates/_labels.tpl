{{- /* Takes: root, component, name, version (may be absent). */ -}}
{{- define "lab.pod-labels" -}}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: matrix-stack
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}-{{ .name }}
{{- with .version }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- with .labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "lab.labels" -}}
helm.sh/chart: matrix-stack-{{ .root.Chart.Version }}
{{ include "lab.pod-labels" . }}
{{- end -}}

{{- /* The list of what is installed. Takes: root. */ -}}
{{- define "lab.stack" -}}
{{ tpl (.Files.Get "files/components.yaml") . }}
{{- end -}}
