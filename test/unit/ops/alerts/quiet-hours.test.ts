import { expect, it } from 'vitest';
import { isQuiet } from '../../../../src/ops/alerts/quiet-hours.ts';

const berlin = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };

it.each([
  // Winter: UTC+1.
  ['2026-01-15T20:59:59Z', berlin, false],
  ['2026-01-15T21:00:00Z', berlin, true],
  ['2026-01-15T23:30:00Z', berlin, true],
  ['2026-01-16T05:59:59Z', berlin, true],
  ['2026-01-16T06:00:00Z', berlin, false],
  // Summer: UTC+2.
  ['2026-07-15T20:00:00Z', berlin, true],
  ['2026-07-16T04:59:59Z', berlin, true],
  ['2026-07-16T05:00:00Z', berlin, false],
  // The night to 29 March has no 02:xx, and ends an hour earlier in UTC than the one before.
  ['2026-03-28T05:59:59Z', berlin, true],
  ['2026-03-29T04:59:59Z', berlin, true],
  ['2026-03-29T05:00:00Z', berlin, false],
  // An end that this night does not have is over when the wall jumps past it.
  ['2026-03-29T00:59:59Z', { ...berlin, to: '02:30' }, true],
  ['2026-03-29T01:00:00Z', { ...berlin, to: '02:30' }, false],
  // The night to 25 October has 02:xx twice, and is an hour longer.
  ['2026-10-25T00:45:00Z', { ...berlin, to: '02:30' }, false],
  ['2026-10-25T01:15:00Z', { ...berlin, to: '02:30' }, true],
  ['2026-10-25T05:59:59Z', berlin, true],
  ['2026-10-25T06:00:00Z', berlin, false],
  // Not over midnight, another zone, half an hour off.
  ['2026-01-15T07:29:59Z', { from: '13:00', to: '14:00', timeZone: 'Asia/Kolkata' }, false],
  ['2026-01-15T07:30:00Z', { from: '13:00', to: '14:00', timeZone: 'Asia/Kolkata' }, true],
  ['2026-01-15T08:30:00Z', { from: '13:00', to: '14:00', timeZone: 'Asia/Kolkata' }, false],
  ['2026-01-15T00:00:00Z', { from: '00:00', to: '06:00', timeZone: 'UTC' }, true],
  ['2026-01-15T23:59:59Z', { from: '00:00', to: '06:00', timeZone: 'UTC' }, false],
] as const)('%s in %o is quiet: %s', (at, hours, quiet) => {
  expect(isQuiet(hours, Date.parse(at))).toBe(quiet);
});
