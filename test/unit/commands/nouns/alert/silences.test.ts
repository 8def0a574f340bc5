import { describe, expect, it } from 'vitest';
import { renderMatrix } from '../../../../../src/bot/render/matrix.ts';
import { alertShow } from '../../../../../src/commands/nouns/alert/show.ts';
import { alertTest } from '../../../../../src/commands/nouns/alert/test.ts';
import { silenceAdd } from '../../../../../src/commands/nouns/silence/add.ts';
import { alert, anna, told } from '../../../bot/alerts/feed-fixture.ts';
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

  it('takes after a crash only the silence that it made for its own: same person, reason and end', async () => {
    const { state, context } = await setStage();
    const [, make] = silenceAdd.steps;
    const length = 3_600_000;
    const startsAt = Date.parse(othersSilence.endsAt) - length;
    const own = { ...othersSilence, id: 'own', createdBy: anna };
    const settle = () =>
      make?.settle(context, {
        input: { length, reason: othersSilence.comment, targets: [] },
        ...{ facts: { matchers: [] }, done: { 'count-alerts': { startsAt, covers: 0 } } },
      });
    for (const others of [
      othersSilence,
      { ...own, comment: 'another' },
      { ...own, endsAt: '2023-11-15T20:00:00.001Z' },
    ]) {
      state.silences = [others];
      expect(await settle()).toEqual({ state: 'not-done' });
    }
    state.silences = [othersSilence, own];
    expect(await settle()).toMatchObject({ state: 'done', result: { id: 'own' } });
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

  it.each([
    ['en', '+6 more labels, which are not kept'],
    ['zh', '另有 6 个标签未保留'],
  ] as const)('says how many labels are not kept (%s)', async (language, words) => {
    const { feed, context } = await setStage();
    await feed.take(told('A', alert({ labelsLeftOut: 6 })));
    const shown = await nodesOf(alertShow.run(context, { target: fingerprint }));
    expect(
      renderMatrix(shown, language)
        .messages.map(({ body }) => body)
        .join(),
    ).toContain(words);
    await feed.take(told('A', alert({ startsAt: 2000 })));
    expect(textOf(await nodesOf(alertShow.run(context, { target: fingerprint })))).not.toContain(
      'more label',
    );
  });

  it.each(['plain', 'grafana'] as const)(
    'says of what %s has posted that no silence covers it: one of Alertmanager can not',
    async (source) => {
      const { feed, has, state, context } = await setStage();
      state.isSilent = true;
      has.push({ labels, fingerprint });
      await feed.take({ ...told('A', alert()), source });
      const shown = textOf(await nodesOf(alertShow.run(context, { target: fingerprint })));
      expect(shown).toContain('firing');
      expect(shown).not.toContain('silenced');
    },
  );

  it('counts only what it shows: others with the same labels and more may be silenced', async () => {
    const { feed, has, state, context } = await setStage();
    state.isSilent = true;
    has.push({ labels: { ...labels, pod: 'x' }, fingerprint: '00000000000000ab' });
    await feed.take(told('A', alert()));
    const group = feed.incidents.firing(null, 1)[0]?.group ?? 'none';
    for (const target of [group, fingerprint]) {
      const shown = textOf(await nodesOf(alertShow.run(context, { target })));
      expect(shown).not.toContain('silenced');
    }
    has.push({ labels, fingerprint });
    const both = textOf(await nodesOf(alertShow.run(context, { target: group })));
    expect(both).toContain('1 alert is silenced');
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
