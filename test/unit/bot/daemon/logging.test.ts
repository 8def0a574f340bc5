import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../../../src/bot/daemon/logging.ts';
import { Mask } from '../../../../src/core/mask.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { Secret } from '../../../../src/core/secret.ts';

function logFile() {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-log-'));
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'a');
  onTestFinished(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return { descriptor, text: () => readFileSync(file, 'utf8') };
}

const secret = 'correct-horse-battery';

describe('the log', () => {
  it('writes one JSON object per line with level, time and fields', () => {
    const { descriptor, text } = logFile();
    const log = createLog('info', new Mask(), { descriptor, pretty: false, colour: false });
    log.child({ job: 'j1' }).warn({ n: 1 }, 'hello');
    log.debug({}, 'not shown');
    log.setLevel('debug');
    log.debug({}, 'shown');
    const lines = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { level: 'warn', job: 'j1', n: 1, msg: 'hello' },
      { level: 'debug', msg: 'shown' },
    ]);
  });

  it('[#25] shows no secret: by name, by value, in an error, in a child', () => {
    const { descriptor, text } = logFile();
    const mask = new Mask();
    mask.register(new Secret(secret));
    const log = createLog('info', mask, { descriptor, pretty: false, colour: false });
    log.info({ password: 'abc-by-name', request: { accessToken: 'def-by-name' } }, 'by name');
    log.info({ url: `http://x/?q=${secret}` }, `by value ${secret}`);
    log.error({ err: new AppError('E_INTERNAL', {}, new Error(`cause ${secret}`)) }, 'error');
    log.child({ held: secret }).info({ held: new Secret('ghi-in-secret') }, 'child');
    expect(text().split('\n')).toHaveLength(5);
    expect(text()).not.toMatch(/by-name|battery|ghi-in-secret/);
    expect(text()).toContain('[masked]');
  });

  it('is readable on a terminal', () => {
    const { descriptor, text } = logFile();
    const log = createLog('info', new Mask(), { descriptor, pretty: true, colour: false });
    log.error({ err: new TypeError('bad'), room: '!a:b' }, 'it failed');
    expect(text()).toMatch(/^\d\d:\d\d:\d\d error it failed err="TypeError: bad" room=!a:b\n$/);
  });
});
