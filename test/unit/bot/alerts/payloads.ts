/** An alert as Alertmanager 0.25 posts it (alerts-monitoring §1.1). */
export const postedAlert = (fields: Readonly<Record<string, unknown>> = {}) => ({
  status: 'firing',
  labels: { alertname: 'DiskLow', severity: 'warning', instance: 'a' },
  annotations: { summary: 'the disk is nearly full' },
  startsAt: '2026-11-22T10:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
  fingerprint: 'b2a1c3d4e5f60718',
  ...fields,
});

/** A notification as Alertmanager 0.25 posts it; `fields` are put over it. */
export const posted = (fields: Readonly<Record<string, unknown>> = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="DiskLow"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'urtc',
  groupLabels: { alertname: 'DiskLow' },
  commonLabels: { alertname: 'DiskLow', severity: 'warning' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts: [postedAlert()],
  ...fields,
});
