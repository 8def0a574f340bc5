import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { Feed, type FeedMessage } from '../../../../src/ops/feed/feed.ts';
import type { Sighting } from '../../../../src/ops/feed/newsworthy.ts';
import { createIncidents } from '../../../../src/platform/store/incidents.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import type { ContainerStatus, Pod } from '../../../../src/platform/kubernetes/port.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeStatus } from '../../../fakes/objects.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { FakeClock } from '../../commands/dispatch/fake-clock.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

function setUp() {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ now: () => clock.now() });
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const posted: FeedMessage[] = [];
  const others: Sighting[] = [];
  const start = () =>
    new Feed({
      ...{ cluster, clock, incidents: createIncidents(database), others: () => others },
      pace: { confirmMs: 20_000, healMs: 60_000, settleMs: 15_000 },
      transaction: (work) => database.transaction(work),
      post: (message) => posted.push(message),
    });
  let feed = start();
  /** Time passes, with a look every five seconds, as the bot does. */
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 5000) {
      await clock.advance(5000);
      feed.look();
    }
  };
  const pod = (name: string, change: (pod: Pod) => Partial<Pod>): void => {
    const found = cluster.view.list('Pod').value.find((each) => each.name.includes(name));
    if (found === undefined) throw new Error(`no pod ${name}`);
    cluster.view.put('Pod', { ...found, ...change(found) });
  };
  const container = (name: string, status: Partial<ContainerStatus>, ready = false): void =>
    pod(name, ({ containers: [first] }) => ({
      ready,
      containers: [fakeStatus(first?.name ?? name, { ready, ...status })],
    }));
  return {
    ...{ clock, cluster, posted, others, pass, pod },
    crash: (name: string, restarts = 5) =>
      container(name, {
        restarts,
        state: { is: 'waiting', reason: 'CrashLoopBackOff', message: null },
        last: terminated('Error', 1, clock.now()),
      }),
    heal: (name: string) => container(name, {}, true),
    kill: (name: string) =>
      container(name, { restarts: 1, last: terminated('OOMKilled', 137, clock.now()) }, true),
    restartBot: () => {
      feed = start();
    },
    texts: () =>
      posted.map(({ incidents }) =>
        incidents.map(
          ({ said, healedAt }) => `${healedAt === null ? '!' : '✓'} ${translate(said, 'en')}`,
        ),
      ),
  };
}

function terminated(reason: string, exitCode: number, finishedAt: number) {
  return {
    ...({ is: 'terminated', reason, exitCode, finishedAt, message: null } as const),
    ...{ signal: null, startedAt: finishedAt - 1000 },
  };
}

const minute = 60_000;

describe('the feed (fake cluster, fake clock)', () => {
  it('says nothing where all is well, nor while pods start', async () => {
    const all = setUp();
    await all.pass(2 * minute);
    all.pod('haproxy', () => ({ ready: false, createdAt: all.clock.now() }));
    await all.pass(2 * minute);
    expect(all.posted).toEqual([]);
  });

  it('tells a crash loop as one message that is edited and closed when it heals', async () => {
    const all = setUp();
    await all.pass(minute);
    all.crash('haproxy');
    await all.pass(15_000);
    expect(all.posted).toEqual([]);
    await all.pass(15_000);
    expect(all.texts()).toEqual([
      [expect.stringMatching(/^! HAProxy: haproxy in .* ends as soon/)],
    ]);
    all.crash('haproxy', 6);
    await all.pass(2 * minute);
    expect(all.posted).toHaveLength(2);
    all.heal('haproxy');
    await all.pass(2 * minute);
    expect(all.texts()).toHaveLength(3);
    expect(all.texts()[2]).toEqual([expect.stringMatching(/^✓ HAProxy/)]);
    expect(new Set(all.posted.map(({ key }) => key)).size).toBe(1);
  });

  it('does not tell a blink, and keeps one message for one that comes and goes', async () => {
    const all = setUp();
    await all.pass(minute);
    all.crash('haproxy');
    await all.pass(10_000);
    all.heal('haproxy');
    await all.pass(2 * minute);
    expect(all.posted).toEqual([]);
    for (let round = 0; round < 3; round += 1) {
      all.crash('haproxy');
      await all.pass(minute);
      all.heal('haproxy');
      await all.pass(3 * minute);
    }
    expect(new Set(all.posted.map(({ key }) => key)).size).toBe(1);
    expect(all.posted.at(-1)?.incidents).toMatchObject([{ returns: 2 }]);
  });

  it('tells a kill for memory also when it runs again at once', async () => {
    const all = setUp();
    await all.pass(minute);
    all.kill('synapse-main');
    await all.pass(minute);
    expect(all.texts()[0]).toEqual([expect.stringContaining('too much memory')]);
    await all.pass(15 * minute);
    expect(all.texts().at(-1)).toEqual([expect.stringMatching(/^✓/)]);
  });

  it('puts what begins together into one message: a node that goes down is no flood', async () => {
    const all = setUp();
    await all.pass(minute);
    for (const { name } of all.cluster.view.list('Pod').value) all.crash(name);
    await all.pass(minute);
    expect(all.posted).toHaveLength(1);
    expect(all.posted[0]?.incidents.length).toBeGreaterThan(8);
  });

  it('says nothing twice when the API server restarts ten times, and heals nothing unseen', async () => {
    const all = setUp();
    await all.pass(minute);
    all.crash('haproxy');
    await all.pass(minute);
    expect(all.posted).toHaveLength(1);
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'x', reason: 'y' });
    for (let round = 0; round < 10; round += 1) {
      all.cluster.view.setState({ is: 'disconnected', since: all.clock.now(), problem });
      // What is read of a server that comes and goes is not to be believed.
      all.heal('haproxy');
      await all.pass(2 * minute);
      all.crash('haproxy');
      all.cluster.view.setState({ is: 'connected' });
      await all.pass(10_000);
    }
    await all.pass(minute);
    expect(all.posted).toHaveLength(1);
    all.heal('haproxy');
    await all.pass(2 * minute);
    expect(all.texts()).toHaveLength(2);
  });

  it('survives the restart of the bot: nothing twice, and closed when it healed meanwhile', async () => {
    const all = setUp();
    await all.pass(minute);
    all.crash('haproxy');
    await all.pass(minute);
    all.restartBot();
    await all.pass(minute);
    expect(all.posted).toHaveLength(1);
    all.heal('haproxy');
    all.restartBot();
    await all.pass(2 * minute);
    expect(all.texts().at(-1)).toEqual([expect.stringMatching(/^✓ HAProxy/)]);
    expect(new Set(all.posted.map(({ key }) => key)).size).toBe(1);
  });

  it('tells a node under pressure, and what the watches do not know, like a disk', async () => {
    const all = setUp();
    await all.pass(minute);
    const [node] = all.cluster.view.list('Node').value;
    if (node === undefined) throw new Error('no node');
    const pressure = {
      type: 'DiskPressure',
      status: 'True',
      reason: null,
      message: 'full',
      since: 0,
    };
    all.cluster.view.put('Node', { ...node, conditions: [{ ...pressure, status: 'True' }] });
    await all.pass(minute);
    expect(all.texts()[0]?.[0]).toContain('runs out of disk: full');
    all.others.push({ identity: 'disk', level: 'warning', said: 'nearly full', opens: true });
    await all.pass(minute);
    expect(all.texts().at(-1)).toEqual(['! nearly full']);
  });
});
