import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { say } from '../../../../src/core/text.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { alertsSchema } from '../../../../src/platform/config/alerts-schema.ts';
import { loadConfig } from '../../../../src/platform/config/config.ts';
import { configFolder, put, rightConfig } from './folder.ts';

/** What is wrong with it, in words; null: nothing. */
function problemOf(fields: object, top: object = {}): string | null {
  const alerts = { token: { file: 'alerts-token' }, ...fields };
  const more = Object.entries({ alerts, ...top });
  const file = configFolder(
    rightConfig + more.map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join(''),
  );
  put(join(file, '..'), 'alerts-token', 'a-long-enough-token');
  try {
    loadConfig(file, {});
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return translate(say(error.code, error.params), 'en');
  }
}

const shown = z.object({ alerts: z.record(z.string(), z.unknown()) });
const hours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
const room = '!web:x.org';

it.each([
  ['rooms and routes', { rooms: { web: {} }, routes: [{ to: 'web', labels: { a: 'b' } }] }, null],
  ['quiet hours', { quietHours: hours }, null],
  ['a route to nowhere', { routes: [{ to: 'web' }] }, 'there is no room of this name'],
  ['no name', { rooms: { 'Web room': {} } }, 'alerts.rooms'],
  ['an action that rooms do not have', { rooms: { web: { accepts: ['shout'] } } }, 'accepts'],
  ['one room twice', { rooms: { a: { room }, b: { room } } }, 'has a use already'],
  ['an offset', { quietHours: { ...hours, timeZone: '+02:00' } }, 'time zone'],
  ['no zone', { quietHours: { ...hours, timeZone: 'Middle/Earth' } }, 'time zone'],
  ['no time', { quietHours: { ...hours, to: '24:00' } }, 'alerts.quietHours.to'],
  ['the port of `http`', { listen: { port: 9464 } }, '`http.port`'],
  ['the same port at another address', { listen: { host: '127.0.0.2', port: 9464 } }, null],
  ['any port', { listen: { port: 0 } }, null],
  ['no hours at all', { quietHours: { ...hours, to: '22:00' } }, 'another time than'],
] as const)('%s', (_what, fields, words) => {
  const problem = problemOf(fields);
  if (words === null) expect(problem).toBeNull();
  else expect(problem).toContain(words);
});

it('the admin room is no room for alerts besides', () => {
  const problem = problemOf({ rooms: { web: { room } } }, { adminRoom: room });
  expect(problem).toContain('has a use already');
});

it('what the docs show can be used', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../../../docs/alerts.md'), 'utf8');
  const blocks = [...docs.matchAll(/```yaml\nalerts:\n([\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const { alerts } = shown.parse(parse(`alerts:\n${block ?? ''}`));
    expect(alertsSchema.safeParse({ token: { file: 'x' }, ...alerts }).error).toBeUndefined();
  }
});
