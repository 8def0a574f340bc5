import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { healerStage, minute, podOf } from './healer-stage.ts';

const crash = 'component/haproxy/crash/haproxy';
const day = 24 * 60 * minute;

describe('self-healing (fake cluster, fake clock)', () => {
  it('is off unless the config turns it on', async () => {
    const all = healerStage();
    all.settings.enabled = false;
    all.crash('haproxy');
    await all.pass(30 * minute);
    expect(all.acts()).toEqual([]);
    expect(all.memory().actions()).toEqual([]);
  });

  it('restarts the pod, then the workload, then stops for a person, and tells and audits each', async () => {
    const all = healerStage();
    const pod = podOf(all.cluster, 'haproxy');
    all.crash('haproxy');
    const broken = podOf(all.cluster, 'haproxy');
    await all.pass(minute);
    expect(all.acts()).toEqual([]);
    await all.pass(minute + 15_000);
    expect(all.acts()).toEqual([
      { method: 'deletePod', what: { namespace: 'ess', name: pod.name, uid: pod.uid } },
    ]);
    all.comesBackBroken(broken, 'second');
    await all.pass(7 * minute);
    expect(all.acts()[1]).toMatchObject({
      method: 'restart',
      what: { kind: 'Deployment', name: 'ess-haproxy' },
    });
    await all.pass(2 * day, 10 * minute);
    expect(all.acts()).toHaveLength(2);
    expect(all.stops).toEqual(['haproxy']);
    expect(all.notes(crash)).toEqual([
      `self-healing restarted pod ${pod.name} of HAProxy.`,
      'self-healing restarted HAProxy.',
      'Self-healing has stopped at HAProxy: the trouble outlived its restarts.',
    ]);
    expect(
      all.audited.map(({ actor, line, decision, result }) => [actor, line, decision, result]),
    ).toEqual([
      ['urtc', `healing restart pod ${pod.name}`, 'allowed', 'begun'],
      ['urtc', `healing restart pod ${pod.name}`, 'finished', 'ok'],
      ['urtc', 'healing restart Deployment ess-haproxy', 'allowed', 'begun'],
      ['urtc', 'healing restart Deployment ess-haproxy', 'finished', 'ok'],
      ['urtc', `healing stop haproxy (${crash})`, 'refused', 'repeat'],
    ]);
    expect(new Set(all.retold)).toEqual(new Set([crash]));
    expect(all.held.taken).toBe(0);
  });

  it('remembers over a restart of the bot what it has done, and that it has stopped', async () => {
    const all = healerStage();
    all.crash('haproxy');
    const broken = podOf(all.cluster, 'haproxy');
    await all.pass(3 * minute);
    all.comesBackBroken(broken, 'second');
    all.restartBot();
    await all.pass(10 * minute);
    all.restartBot();
    await all.pass(30 * minute);
    expect(all.acts().map(({ method }) => method)).toEqual(['deletePod', 'restart']);
    all.restartBot();
    await all.pass(60 * minute);
    expect(all.acts()).toHaveLength(2);
    expect(all.stops).toEqual(['haproxy']);
    expect(all.desk().snapshot().stopped).toEqual(['HAProxy']);
  });

  it.each(['before', 'after'] as const)(
    'a kill %s the act leads to no second one: the same is done once more',
    async (when) => {
      const all = healerStage();
      all.crash('haproxy');
      const broken = podOf(all.cluster, 'haproxy');
      // What the process would have done next does not happen.
      all.cluster.failures.set('deletePod', new Error('killed'));
      await expect(all.pass(3 * minute)).rejects.toThrow('killed');
      expect(all.memory().actions()).toMatchObject([{ state: 'begun' }]);
      all.cluster.failures.clear();
      if (when === 'after') all.comesBackBroken(broken, 'second');
      all.restartBot();
      await all.pass(5000);
      const uids = all.acts().map(({ what }) => what);
      const own = { uid: broken.uid };
      expect(uids).toMatchObject(when === 'before' ? [own, own] : [own]);
      expect(all.memory().actions()).toHaveLength(1);
      expect(all.memory().actions()[0]?.state).toBe('done');
    },
  );

  it('a kill over the restart of a workload writes the same moment again', async () => {
    const all = healerStage();
    all.crash('haproxy');
    const broken = podOf(all.cluster, 'haproxy');
    await all.pass(3 * minute);
    all.comesBackBroken(broken, 'second');
    all.cluster.failures.set('restart', new Error('killed'));
    await expect(all.pass(10 * minute)).rejects.toThrow('killed');
    all.cluster.failures.clear();
    all.restartBot();
    await all.pass(20 * minute);
    const moments = all.acts().flatMap(({ method, what }) => (method === 'restart' ? [what] : []));
    expect(moments).toHaveLength(2);
    expect(moments[0]).toEqual(moments[1]);
  });

  it('an API server that does not answer is asked for the same for two minutes, then it counts', async () => {
    const all = healerStage();
    all.crash('haproxy');
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'x', reason: 'y' });
    all.cluster.failures.set('deletePod', problem);
    await all.pass(10 * minute);
    expect(all.memory().actions()[0]).toMatchObject({ state: 'failed', code: 'not-done' });
    expect(new Set(all.acts().map(({ method }) => method))).toEqual(
      new Set(['deletePod', 'restart']),
    );
    expect(all.memory().actions()).toHaveLength(2);
  });

  it('goes on to the workload where it may not delete pods', async () => {
    const all = healerStage();
    all.crash('haproxy');
    all.cluster.failures.set('deletePod', new AppError('E_KUBERNETES_FORBIDDEN', {}));
    await all.pass(3 * minute);
    expect(all.acts().map(({ method }) => method)).toEqual(['deletePod', 'restart']);
    expect(all.notes(crash)[0]).toContain('could not restart pod');
  });

  it('waits while a command holds the release, and writes nothing down meanwhile', async () => {
    const all = healerStage();
    all.crash('haproxy');
    all.held.by = 'command';
    await all.pass(10 * minute);
    expect([all.acts(), all.memory().actions(), all.audited]).toEqual([[], [], []]);
    all.held.by = null;
    await all.pass(5000);
    expect(all.acts()).toHaveLength(1);
  });

  it('does nothing where it can not be written down', async () => {
    const all = healerStage();
    all.crash('haproxy');
    all.audited.push = () => {
      throw new AppError('E_AUDIT_UNWRITABLE');
    };
    await expect(all.pass(5 * minute)).rejects.toMatchObject({ code: 'E_AUDIT_UNWRITABLE' });
    expect(all.acts()).toEqual([]);
    expect(all.memory().actions()).toEqual([]);
  });

  it('leaves PostgreSQL alone, and says why', async () => {
    const all = healerStage();
    all.crash('ess-postgres');
    await all.pass(60 * minute);
    expect(all.acts()).toEqual([]);
    const [note] = all.notes('component/postgres/crash/postgres');
    expect(note).toContain('a restart begins the recovery anew');
    expect(all.stops).toEqual([]);
  });

  it('pauses and goes on as people say, over a restart of the bot', async () => {
    const all = healerStage();
    all.desk().pause({ at: all.clock.now(), actor: '@anna:example.org' });
    all.crash('haproxy');
    all.restartBot();
    await all.pass(20 * minute);
    expect(all.acts()).toEqual([]);
    expect(all.desk().snapshot().paused?.actor).toBe('@anna:example.org');
    all.desk().resume({ at: all.clock.now(), actor: '@anna:example.org' });
    await all.pass(minute);
    expect(all.acts()).toEqual([]);
    await all.pass(2 * minute);
    expect(all.acts()).toHaveLength(1);
  });

  it('goes on after a stop when a person says so', async () => {
    const all = healerStage();
    all.crash('haproxy');
    const broken = podOf(all.cluster, 'haproxy');
    await all.pass(3 * minute);
    all.comesBackBroken(broken, 'second');
    await all.pass(30 * minute);
    expect(all.stops).toEqual(['haproxy']);
    // The person has mended it, and an hour later it crashes anew.
    all.containers('haproxy', {}, true);
    await all.pass(60 * minute);
    all.desk().resume({ at: all.clock.now(), actor: 'local:owner:root' });
    all.cluster.view.put('Pod', { ...broken, uid: 'third' });
    all.crash('haproxy');
    await all.pass(3 * minute);
    expect(all.acts().map(({ method }) => method)).toEqual(['deletePod', 'restart', 'deletePod']);
  });

  it('forgets a trouble that went by itself', async () => {
    const all = healerStage();
    for (let round = 0; round < 10; round += 1) {
      all.crash('haproxy');
      await all.pass(minute + 30_000);
      all.containers('haproxy', {}, true);
      await all.pass(30_000);
    }
    expect(all.acts()).toEqual([]);
  });
});
