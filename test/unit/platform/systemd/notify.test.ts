import { describe, expect, it } from 'vitest';
import { createNotifier } from '../../../../src/platform/systemd/notify.ts';
import { keptLog } from '../../cli/terminal-desk.ts';

describe('the service notifier', () => {
  it('does nothing without systemd', () => {
    const calls: unknown[] = [];
    const notifier = createNotifier({ WATCHDOG_USEC: '1000' }, keptLog(), (args) =>
      calls.push(args),
    );
    notifier.ready('up');
    notifier.alive();
    expect(calls).toEqual([]);
    expect(notifier.watchdogMs).toBeNull();
  });

  it('tells systemd in its own words, one line each', () => {
    const calls: (readonly string[])[] = [];
    const environment = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '120000000', WATCHDOG_PID: '1' };
    const notifier = createNotifier(environment, keptLog(), (args) => calls.push(args));
    notifier.ready('two\nlines');
    notifier.status('waiting');
    notifier.alive();
    notifier.stopping();
    expect(calls).toEqual([
      ['--ready', '--status=two lines'],
      ['--status=waiting'],
      ['WATCHDOG=1'],
      ['STOPPING=1'],
    ]);
    expect(notifier.watchdogMs).toBe(120_000);
  });

  it('goes on when systemd can not be told', () => {
    const log = keptLog();
    createNotifier({ NOTIFY_SOCKET: '/run/x' }, log, (_args, done) => {
      done(new Error('ENOENT'));
    }).alive();
    expect(log.lines).toEqual(['systemd could not be told']);
  });
});
