import { expect, it, onTestFinished } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { startAlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab } from '../../lab/lab.ts';

const minuteMs = 60_000;
/** The shortest that is warned of, a quarter of it before its end (docs/alerts.md). */
const lengthMs = 8 * minuteMs;
const warnedBeforeMs = lengthMs / 4;

// Alertmanager lets no silence begin in the past: its end takes as long as it takes.
it.runIf(process.env['URTC_SOAK'] === '1')(
  'soak: [#13] a real silence of eight minutes: two before its end the room hears of it, once, over a kill of the bot too; what it covered is told when it has ended',
  async () => {
    const lab = await startLab({ name: 'alerts-silence-ends' });
    onTestFinished(() => lab.stop());
    const alerting = await startAlertingBot(lab);
    onTestFinished(() => alerting.stop());
    const room = await lab.enterAdminRoom();
    const alice = lab.person('alice');
    const { alertmanager } = alerting;
    const since = alice.mark(room);
    const made = await alice.ask(room, '!silence add 8m "new disk" alertname=Brief');
    // Nothing that it covers yet.
    expect(made.outcome).toBe('warning');
    const endsAt = new Date(Date.now() + 3 * lengthMs).toISOString();
    await alertmanager.report([{ labels: { alertname: 'Brief', severity: 'warning' }, endsAt }]);

    const isWarning = (event: LabEvent): boolean => bodyOf(event).includes('A silence ends at');
    const warning = await alice.waitFor(room, isWarning, { since, timeoutMs: lengthMs });
    expect(bodyOf(warning)).toContain('it covers 1 alert that fires');
    expect(bodyOf(warning)).toContain('new disk');
    expect(bodyOf(warning)).toMatch(/!silence extend \S+ 2h/);
    const silence = (await alertmanager.silences()).find(({ comment }) => comment === 'new disk');
    const ends = Date.parse(String(silence?.['endsAt']));
    expect(warning.origin_server_ts).toBeLessThan(ends);
    expect(warning.origin_server_ts).toBeGreaterThanOrEqual(ends - warnedBeforeMs);

    // The new one looks at once, as each does, and has it on record that people know.
    await alerting.bot.kill9();
    await alerting.restart();
    const isTold = (event: LabEvent): boolean => isNews(event) && bodyOf(event).includes('Brief');
    const told = await alice.waitFor(room, isTold, { since, timeoutMs: lengthMs });
    expect(told.origin_server_ts).toBeGreaterThan(ends);
    expect(alice.timeline(room).filter(isWarning, since)).toHaveLength(1);
  },
  3 * lengthMs,
);
