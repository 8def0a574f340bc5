import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { parseErrorId } from '../../../../src/core/ids.ts';
import type { Log } from '../../../../src/core/log.ts';
import { Mask } from '../../../../src/core/mask.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createErrorLog } from '../../../../src/platform/store/error-log.ts';
import { stateIn } from './new-state.ts';
import { handClock } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

const day = 24 * 60 * 60 * 1000;

function setUp() {
  const database = stateIn(tempFolder());
  const clock = handClock();
  const logged: object[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (fields) => logged.push(fields),
    child: () => log,
  };
  const mask = new Mask();
  mask.register(new Secret('CANARY-one'));
  const errors = createErrorLog({ database, clock, log, mask: (text) => mask.apply(text) });
  return { database, clock, errors, logged };
}

describe('the error log', () => {
  it('keeps name, code, values, stack and causes', () => {
    const { errors, clock, database } = setUp();
    const cause = Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
    const several = new AggregateError([new Error('first'), 'second'], 'both failed', { cause });
    const id = errors.record(
      new AppError('E_ADMIN_API_ANSWER', { status: 502, reason: 'bad gateway' }, several),
      'user add alice',
    );
    const { detail, ...rest } = errors.find(id);
    expect(rest).toEqual({ id, at: clock.time, command: 'user add alice' });
    expect(detail).toContain('AppError [E_ADMIN_API_ANSWER]: E_ADMIN_API_ANSWER');
    expect(detail).toContain('{"status":502,"reason":"bad gateway"}');
    expect(detail).toContain('caused by AggregateError: both failed');
    expect(detail).toContain('caused by TypeError [ECONNRESET]: socket hang up');
    expect(detail).toContain('caused by Error: first');
    expect(detail).toContain("caused by 'second'");
    expect(detail).toMatch(/\n\s+at .*error-log\.test\.ts/);
    database.close();
  });

  it('[#25] keeps no secret, wherever in the failure it stands', () => {
    const { errors, database } = setUp();
    const id = errors.record(
      new Error('PUT ?access_token=CANARY-two', {
        cause: new AppError(
          'E_ADMIN_API_ANSWER',
          { reason: '{"password":"CANARY-three"}' },
          { headers: { authorization: 'Bearer CANARY-four' }, body: 'CANARY-one' },
        ),
      }),
      'user password --password CANARY-five',
    );
    expect(JSON.stringify(errors.find(id))).not.toContain('CANARY');
    database.close();
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'boom'],
    ['an object without prototype', Object.create(null)],
  ])('takes whatever was thrown: %s', (_name, thrown: unknown) => {
    const { errors, database } = setUp();
    expect(errors.find(errors.record(thrown, null)).detail).not.toBe('');
    database.close();
  });

  it('ends at causes that form a circle and at huge messages', () => {
    const { errors, database } = setUp();
    const circle = new Error('x'.repeat(100_000));
    circle.cause = circle;
    expect(errors.find(errors.record(circle, null)).detail.length).toBeLessThan(33_000);
    database.close();
  });

  it('forgets after 30 days (fake clock)', () => {
    const { errors, clock, database } = setUp();
    const id = errors.record(new Error('old'), null);
    clock.time += 30 * day;
    expect(errors.find(id).id).toBe(id);
    clock.time += 1;
    expect(() => errors.find(id)).toThrow(
      expect.objectContaining({ code: 'E_ERROR_ID_UNKNOWN', params: { id } }),
    );
    expect(() => errors.find(parseErrorId('e0000'))).toThrow('E_ERROR_ID_UNKNOWN');
    errors.record(new Error('new'), null);
    expect(database.all(z.object({ id: z.string() }), 'SELECT id FROM errors')).toHaveLength(1);
    database.close();
  });

  it('keeps the newest 5 000', () => {
    const { errors, database } = setUp();
    const first = errors.record('first', null);
    const second = errors.record('second', null);
    database.transaction(() => {
      for (let index = 0; index < 4999; index += 1) errors.record(index, null);
    });
    expect(() => errors.find(first)).toThrow('E_ERROR_ID_UNKNOWN');
    expect(errors.find(second).id).toBe(second);
    database.close();
  });

  it('does not hide the failure behind one of its own: it goes to the log, masked', () => {
    const { errors, database, logged } = setUp();
    database.run('PRAGMA query_only = ON');
    const id = errors.record(new Error('CANARY-one'), null);
    expect(logged).toEqual([
      {
        error: id,
        detail: expect.stringContaining('Error: [masked]') as string,
        kept: expect.stringContaining('readonly') as string,
      },
    ]);
    database.close();
  });
});
