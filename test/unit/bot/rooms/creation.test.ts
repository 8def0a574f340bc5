import { expect, it } from 'vitest';
import { z } from 'zod';
import { creationOf, markerOf, type RoomMark } from '../../../../src/bot/rooms/creation.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import { jsonObjectSchema } from '../../../../src/core/json.ts';

const made = z.object({ creation_content: jsonObjectSchema });
const creationEventOf = (mark: RoomMark) =>
  made.parse(
    creationOf({
      ...{ mark, marker: 'm1', self: parseUserId('@urtc:x.org'), roomVersion: '11' },
      ...{ name: 'n', topic: 't', isEncrypted: true },
      people: { roleOf: () => null, list: () => [] },
    }),
  ).creation_content;

const admin: RoomMark = { purpose: 'admin', name: null };
const web: RoomMark = { purpose: 'alerts', name: 'web' };
const night: RoomMark = { purpose: 'alerts', name: 'night' };

it.each([
  [admin, admin, 'm1'],
  [web, web, 'm1'],
  [web, admin, null],
  [admin, web, null],
  [web, night, null],
] as const)('a room made as %o, looked for as %o: %s', (mark, wanted, marker) => {
  expect(markerOf(creationEventOf(mark), wanted)).toBe(marker);
});

it('the admin room of earlier versions, which had no name in its mark, is the admin room', () => {
  const content = { 'io.urtc.room': { purpose: 'admin', marker: 'm0' } };
  expect(markerOf(content, admin)).toBe('m0');
});
