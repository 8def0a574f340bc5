import { expect, it } from 'vitest';
import { openIntake, token } from './intake-fixture.ts';
import { posted } from './payloads.ts';

const url = '/alerts/plain';
const large = 'x'.repeat(5 * 1024 * 1024 + 1);

it.each<[string, number, string, object | string, Record<string, string>]>([
  ['no bearer', 401, 'there is no bearer token', { title: 'x' }, { authorization: '' }],
  ['a wrong one', 403, 'is not right', { title: 'x' }, { authorization: 'Bearer wrong' }],
  ['broken JSON', 400, 'no JSON', '{"title":', {}],
  ['another kind of content', 415, 'application/json', 'x=1', { 'content-type': 'text/plain' }],
  ['too much', 413, '5 MiB', large, {}],
  [
    'an unknown severity',
    400,
    'critical, warning, info, none',
    { title: 'x', severity: 'bad' },
    {},
  ],
  ['an unknown key', 400, 'titel: unknown; there are title', { title: 'x', titel: 'y' }, {}],
])('%s: %i, and says what is wanted', async (_what, status, words, payload, headers) => {
  const { server, taken } = openIntake();
  const answer = await server.inject({
    ...{ method: 'POST', url, payload },
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
  });
  expect(answer.statusCode).toBe(status);
  expect(answer.body).toContain(words);
  expect(taken).toEqual([]);
});

it('too many alerts: says how many are too many', async () => {
  const { server } = openIntake();
  const alerts = Array.from({ length: 20_001 }, () => ({}));
  const answer = await server.inject({
    ...{ method: 'POST', url: '/alerts/alertmanager', payload: posted({ alerts }) },
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.statusCode).toBe(413);
  expect(answer.body).toContain('20000');
});

it.each(['critical', 'Warning', 'page', 'none'])('the severity %s is known', async (severity) => {
  const { send } = openIntake();
  expect(await send({ title: 'x', severity }, { url })).toBe(200);
});
