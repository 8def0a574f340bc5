import { expect, it } from 'vitest';
import { routeOf, type Route } from '../../../../src/ops/alerts/route.ts';
import { rankOf } from '../../../../src/ops/alerts/severity.ts';

const routes: readonly Route[] = [
  { to: 'night', severities: ['critical'] },
  { to: 'database', receivers: ['db'], labels: { team: 'db' } },
  { to: 'web', labels: { team: 'web', stage: 'prod' } },
];
const warning = (labels: Readonly<Record<string, string>> = {}) => ({
  ...{ severity: rankOf('warning'), labels },
});
const critical = { severity: rankOf('critical'), labels: { team: 'db' } };

it.each([
  ['nothing fits', 'urtc', [warning({ team: 'db' })], null],
  ['receiver and label', 'db', [warning({ team: 'db' })], 1],
  ['all labels must fit', 'urtc', [warning({ team: 'web' })], null],
  ['both labels', 'urtc', [warning({ team: 'web', stage: 'prod' })], 2],
  ['the first route counts', 'db', [warning({ team: 'db' }), critical], 0],
] as const)('%s', (_what, receiver, alerts, route) => {
  expect(routeOf(routes, receiver, alerts)).toBe(route);
});
