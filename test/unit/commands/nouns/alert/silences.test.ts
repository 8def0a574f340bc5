import { describe, expect, it } from 'vitest';
import { alertShow } from '../../../../../src/commands/nouns/alert/show.ts';
import { alertTest } from '../../../../../src/commands/nouns/alert/test.ts';
import { silenceAdd } from '../../../../../src/commands/nouns/silence/add.ts';
import { alert, told } from '../../../bot/alerts/feed-fixture.ts';
import { nodesOf } from '../read.ts';
import { textOf } from '../stage.ts';
import { othersSilence, setStage } from './alertmanager-stage.ts';

const labels = { alertname: 'A', severity: 'warning' };
const fingerprint = '00000000000000aa';
const wish = { length: 3_600_000, reason: 'why' };

describe('silence add (fake Alertmanager)', () => {
  it('says what it matches and how many alerts it covers', async () => {
    const { feed, has, play } = await setStage();
    has.push({ labels, fingerprint });
    await feed.take(told('A', alert()));
    const report = await play(silenceAdd, { ...wish, targets: [fingerprint] });
    expect(report[0]).toMatchObject({ type: 'outcome', outcome: 'ok' });
    expect(textOf(report)).toContain('alertname="A" severity="warning"');
    expect(textOf(report)).toContain('covers 1 alert that fires now');
  });

  it('warns where it covers nothing', async () => {
    const { feed, play } = await setStage();
    await feed.take(told('A', alert()));
    for (const target of [fingerprint, 'job=nothing']) {
      const report = await play(silenceAdd, { ...wish, targets: [target] });
      expect(report[0]).toMatchObject({ type: 'outcome', outcome: 'warning' });
      expect(textOf(report)).toContain('covers nothing');
    }
  });

  it.each(['plain', 'grafana'] as const)('refuses what %s has posted', async (source) => {
    const { feed, play } = await setStage();
    await feed.take({ ...told('A', alert()), source });
    const group = feed.incidents.firing(null, 1)[0]?.group ?? 'none';
    for (const target of [group, fingerprint]) {
      await expect(play(silenceAdd, { ...wish, targets: [target] })).rejects.toMatchObject({
        code: 'E_SILENCE_ELSEWHERE',
      });
    }
  });
});

describe('alert show (fake Alertmanager)', () => {
  it('says by whom it is silenced, and until when', async () => {
    const { feed, has, state, context } = await setStage();
    has.push({ labels, fingerprint });
    await feed.take(told('A', alert()));
    const group = feed.incidents.firing(null, 1)[0]?.group ?? 'none';
    const shown = async (target: string) =>
      textOf(await nodesOf(alertShow.run(context, { target })));
    expect(await shown(group)).not.toContain('silenced');
    state.isSilent = true;
    for (const target of [group, fingerprint]) {
      expect(await shown(target)).toMatch(/1 alert is silenced by bo until .*2023.*: maintenance/);
    }
  });

  it('shows what is known where Alertmanager can not be asked', async () => {
    const { feed, context, close } = await setStage();
    await feed.take(told('A', alert()));
    close();
    const shown = textOf(await nodesOf(alertShow.run(context, { target: fingerprint })));
    expect(shown).toContain('firing');
    expect(shown).toContain('does not answer');
  });
});

describe('alert test (fake Alertmanager, fake clock)', () => {
  it('that a silence covers says which, at once', async () => {
    const { feed, state, play } = await setStage();
    state.isSilent = true;
    const before = feed.now;
    await expect(play(alertTest, { severity: 'warning' })).rejects.toMatchObject({
      code: 'E_ALERT_TEST_SILENCED',
      params: { silence: othersSilence.id, person: 'bo' },
    });
    expect(feed.now).toBe(before);
  });

  it('in quiet hours says when the room is told of it, and what rings all the same', async () => {
    const hours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const quiet = await setStage(hours);
    expect(textOf(await quiet.play(alertTest, { severity: 'warning' }))).toMatch(
      /at 07:00 \(Europe\/Berlin\)[^]*--severity=critical/,
    );
    const loud = await setStage(hours);
    expect(textOf(await loud.play(alertTest, { severity: 'critical' }))).toContain('of it now');
    const day = await setStage({ ...hours, to: '22:30' });
    expect(textOf(await day.play(alertTest, { severity: 'warning' }))).toContain('of it now');
  });

  it('has steps that people understand, as has silence add', () => {
    const names = [...alertTest.steps, ...silenceAdd.steps].map(({ name }) => name);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });
});
