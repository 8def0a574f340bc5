import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DistrustTrail, type Distrusted } from '../../../../src/bot/inbox/distrust-trail.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { parseEventId, parseUserId } from '../../../../src/core/ids.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const anna = parseUserId('@anna:lab.test');
const otto = parseUserId('@otto:lab.test');
const event = parseEventId('$event');

function scene(refuse = false) {
  const clock = new FakeClock();
  const database = stateIn(join(tempFolder(), 'data'));
  onTestFinished(() => database.close());
  const { log, lines } = rememberingLog();
  const audited: Distrusted[] = [];
  const audit = (distrusted: Distrusted): void => {
    if (refuse) throw new AppError('E_AUDIT_UNWRITABLE');
    audited.push(distrusted);
  };
  return { clock, lines, audited, trail: new DistrustTrail({ database, clock, log, audit }) };
}

test('[#15] each person and reason leaves one line a minute in log and audit (fake clock)', () => {
  const { clock, lines, audited, trail } = scene();
  const unsigned = { sender: anna, event, reason: 'unsigned-device' } as const;
  for (let i = 0; i < 1000; i += 1) trail.note(unsigned);
  trail.note({ ...unsigned, reason: 'in-clear' });
  trail.note({ ...unsigned, sender: otto });
  expect(audited).toHaveLength(3);
  clock.advance(60_000);
  trail.note(unsigned);
  expect(audited).toHaveLength(4);
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn', 'warn']);
  expect(lines[0]?.fields).toMatchObject({ sender: anna, reason: 'unsigned-device', event });
});

test('an audit log that can not be written does not stop the reading of the room', () => {
  const { lines, trail } = scene(true);
  expect(() => trail.note({ sender: anna, event: null, reason: 'new-identity' })).not.toThrow();
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'error']);
});
