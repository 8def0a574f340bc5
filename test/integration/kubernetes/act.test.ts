import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BotProcess } from '../../lab/bot-process.ts';
import { questionIn } from '../../lab/demo/question.ts';
import { bodyOf, editedContent, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { movedClock } from '../../lab/moved-clock.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { canaries } from '../../unit/ops/logs/canaries.ts';
import { startGuarded, type Guarded } from './rbac/guarded.ts';
import { singles } from './rbac/two-workloads.ts';
import { talkIn, type Talk } from '../../lab/talk.ts';
import { fillFor, fillNoMore } from './act/filling-disk.ts';
import { followedOnTheTerminal } from './act/followed-log.ts';
import { toldIncidents, type ToldIncidents } from './act/told-incidents.ts';
import { troublePod } from './act/trouble-pod.ts';
import {
  asksTheCluster,
  documentedRequests,
  refusedTo,
  requestsFor,
} from './rbac/asks-the-cluster.ts';
import { linesOf } from './rbac/lines.ts';
import { roomyFolder } from './see/roomy-folder.ts';
import { startStackStub, type StackStub } from './see/stack-stub.ts';

const names = {
  ess: { release: 'deed', namespace: 'deeds' },
  own: { release: 'doer', namespace: 'doers' },
  certs: 'doers-certs',
} as const;
const { namespace } = names.ess;

let guarded: Guarded;
/** Calls that were made to get here, the guard's own included. */
let callsBefore: number;
let stub: StackStub;
let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
let say: Talk;
let feed: ToldIncidents;
let kubernetes: Readonly<Record<string, unknown>>;
let settings: Record<string, unknown>;
const volumes = roomyFolder();

beforeAll(async () => {
  [guarded, lab] = await Promise.all([
    startGuarded(names, (cluster) => cluster.installEss({ ...names.ess, shape: 'redis' })),
    startLab({ name: 'act' }),
  ]);
  stub = await startStackStub('lab.test');
  alice = lab.person('alice');
  const kubeconfig = await guarded.cluster.kubeconfigFor('doer-bot', names.own.namespace);
  await guarded.install({ healing: { enabled: true } });
  const { url } = stub;
  kubernetes = {
    ...{ kubeconfig, ...names.ess, feed: { afterSeconds: 2, healedAfterSeconds: 3 } },
    endpoints: { mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url },
  };
  settings = { kubernetes, healing: { enabled: true, afterSeconds: 2 } };
  callsBefore = guarded.cluster.auditLog().length;
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom(alice);
  say = talkIn(alice, room);
  feed = toldIncidents(alice, room);
}, 300_000);

afterAll(async () => {
  await lab.stop();
  await stub[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
  rmSync(volumes, { recursive: true });
});

/** What the bot has asked of the API server that changes something, from a point of its audit log on. */
const changes = (from: number, verb: string, name: string): number =>
  guarded.cluster
    .auditLog()
    .slice(from)
    .filter(
      (call) =>
        call.verb === verb &&
        call.objectRef.name.startsWith(name) &&
        call.user.username.includes('doer') &&
        !call.requestURI.includes('dryRun'),
    ).length;

const upgrade = (values = {}): Promise<void> =>
  guarded.cluster.installEss({ ...names.ess, shape: 'redis', hooks: false, values });

async function onlyPod(name: string): Promise<string> {
  const [pod] = await guarded.cluster.pods.names({ namespace, name });
  if (pod === undefined) throw new Error(`${name} has no pod`);
  return pod;
}

const documented = documentedRequests();
const user = 'system:serviceaccount:doers:doer-bot';

describe('every command (shape redis, stub of the stack but Synapse)', () => {
  it('stands in the table of docs/kubernetes.md with its number of requests', () => {
    expect([...documented.keys()].sort()).toEqual(asksTheCluster.toSorted());
  });

  // Secrets are asked for so that they can be masked; this identity has no neighbours.
  const mayNot =
    /^(get secrets deeds|get pods\/portforward deeds|list \w+ (cert-|monit|kube-)\w+)$/;
  // `scale` in another file: here it is seen what one does to an upgrade.
  const here = asksTheCluster.filter((name) => name !== 'scale');
  it.each(here)('[S1] runs `%s`, and asks as often as the docs say', async (name) => {
    const [line = ''] = linesOf[name]?.well ?? [];
    const wanted = documented.get(name) ?? -1;
    const { cluster } = guarded;
    expect(await requestsFor({ user, line, wanted, say, cluster })).toBe(wanted);
  });

  it('[S1] was refused nothing but what it must not have', () => {
    const refused = refusedTo(user, guarded.cluster.auditLog().slice(callsBefore));
    expect(refused.filter((each) => !mayNot.test(each))).toEqual([]);
  });
});

describe('restart', () => {
  it('restarts all on the terminal, each when the one before it is ready', async () => {
    const before = await onlyPod('element-web');
    const { code, stdout } = await urtc(['restart', 'all', '--yes', '--config', bot.configFile], {
      cwd: lab.folder,
      timeoutMs: 160_000,
    });
    expect(stdout).toContain('11 components are restarted and ready');
    expect(code).toBe(0);
    expect(await onlyPod('element-web')).not.toBe(before);
  }, 180_000);

  it('goes on after the bot was killed in the middle, and restarts nothing twice', async () => {
    const { pods, auditLog } = guarded.cluster;
    await pods.behave({ namespace, name: 'haproxy' }, 'slow-start', { everyMs: 4000 });
    const calls = auditLog().length;
    const since = alice.mark(room);
    const command = await alice.send(room, '!restart haproxy');
    const asked = await alice.waitFor(room, (event) => questionIn(event) !== undefined, { since });
    await alice.send(room, questionIn(asked)?.code ?? '', { reply: asked.event_id });
    const patched = () => changes(calls, 'patch', 'deed-haproxy');
    await until('the restart', () => (patched() > 0 ? true : undefined), { timeoutMs: 60_000 });
    await bot.kill9();
    // What is told of it is looked at below.
    fillFor(bot, volumes, 5);
    settings = { ...settings, kubernetes: { ...kubernetes, storagePath: volumes } };
    bot = await lab.startBot({ settings });
    const { body } = await alice.answerTo(room, command, { since, timeoutMs: 90_000 });
    expect(body).toContain('restarted and ready');
    expect(patched()).toBe(1);
    await pods.behave({ namespace, name: 'haproxy' }, 'healthy');
  }, 240_000);
});

describe('scale', () => {
  it('[H1] is in the way of an upgrade until its time is over and it is handed back, and not after', async () => {
    // Given back, the number is nobody's until the next upgrade: it must be seen whose the next one is.
    for (const wanted of [2, 1]) expect((await say(`!scale haproxy ${wanted}`)).outcome).toBe('ok');
    const since = alice.mark(room);
    expect((await say('!scale haproxy 2 --for=1h')).body).toContain('HAProxy runs with 2 pods.');
    await expect(upgrade()).rejects.toThrow(/conflict/i);
    await say('!scale haproxy 2 --for=10s');
    const isBack = (event: LabEvent): boolean => bodyOf(event).includes('its time was over');
    const told = await alice.waitFor(room, isBack, { since, timeoutMs: 60_000 });
    expect(bodyOf(told)).toContain('is back to 1 pods');
    // One that lasts goes through the values, and nobody takes it back.
    await upgrade({ haproxy: { replicas: 2 } });
    const { pods } = guarded.cluster;
    const haproxy = { namespace, name: 'haproxy' };
    await pods.until(haproxy, 'two', ({ length }) => length === 2);
    await upgrade();
    await pods.until(haproxy, 'one', ({ length }) => length === 1);
    expect(alice.timeline(room).filter(isBack, since)).toHaveLength(1);
  }, 400_000);

  it('[H1] refuses what must be single, with the reason', async () => {
    for (const component of singles) {
      const { outcome, body } = await say(`!scale ${component} 2`);
      expect([outcome, body]).toEqual(['refused', expect.stringContaining('can not be scaled')]);
    }
  });
});

/** What goes on while other things are looked at: the ladder takes its time. */
interface Troubled {
  readonly since: number;
  readonly calls: number;
  readonly loop: LabEvent;
  readonly pull: LabEvent;
}
let troubled: Troubled;
/** The message of the disk. */
let filling: LabEvent;

const authorisation = { namespace, name: 'matrix-rtc-authorisation-service' };
const sfu = { namespace, name: 'matrix-rtc-sfu' };
const mas = { namespace, name: 'matrix-authentication-service' };

describe('a trouble that lasts', () => {
  it('[P109] is told of the disk: in how many days it is full (half a day of made-up samples)', async () => {
    filling = await feed.told('The disk under the volumes will be full in about 5 days', 0);
  }, 120_000);

  it('[P109] is told', async () => {
    const { pods, auditLog } = guarded.cluster;
    const calls = auditLog().length;
    const since = alice.mark(room);
    await pods.behave(authorisation, 'crash-loop');
    const loop = await feed.told('authorisation service', since);
    await pods.behave(sfu, 'image-pull');
    troubled = { since, calls, loop, pull: await feed.told('SFU', since) };
  }, 300_000);
});

describe('logs', () => {
  it('[S6] shows none of fifty secrets in the room and on the terminal, and what steers a reader', async () => {
    const pod = await onlyPod('haproxy');
    const log = await guarded.cluster.pods.log({ namespace, pod, container: 'haproxy' });
    log.append([...canaries.map(({ line }) => line), 'red \u001b[2J \u202etxt.exe end']);
    const { body, html } = await say('!logs haproxy --tail=100');
    const { stdout } = await urtc(['logs', 'haproxy', '--tail=100', '--config', bot.configFile], {
      cwd: lab.folder,
    });
    for (const { secret } of canaries) {
      for (const shown of [body, html, stdout]) expect(shown).not.toContain(secret);
    }
    expect(body).toContain('red ␛[2J ⟨U+202E⟩txt.exe end');
    expect(stdout).toContain('red ␛[2J ⟨U+202E⟩txt.exe end');
  });

  it('[P181] searches, and follows in a thread until it is stopped', async () => {
    const pod = await onlyPod('haproxy');
    const log = await guarded.cluster.pods.log({ namespace, pod, container: 'haproxy' });
    log.append(['one apple', 'two pears']);
    expect((await say('!logs haproxy --grep="/ap+le$/"')).body).not.toContain('pears');
    const since = alice.mark(room);
    const command = await alice.send(room, '!logs haproxy --follow --grep=apple');
    const inThread = (event: LabEvent): boolean =>
      relationOf(event).rel_type === 'm.thread' && relationOf(event).event_id === command;
    await alice.waitFor(room, inThread, { since });
    log.append(['another apple', 'another pear']);
    const next = await alice.waitFor(
      room,
      (event) => inThread(event) && bodyOf(event).includes('another apple'),
      { since },
    );
    expect(bodyOf(next)).not.toContain('pear');
    const job = String(next.content['io.urtc.job']);
    await say(`!cancel ${job}`);
    expect((await alice.answerTo(room, command, { since })).outcome).toBe('cancelled');
  }, 180_000);

  it('[P181] follows on the terminal until Ctrl-C, and then leaves no request behind', async () => {
    const pod = await onlyPod('haproxy');
    const log = await guarded.cluster.pods.log({ namespace, pod, container: 'haproxy' });
    const { cluster } = guarded;
    const followed = await followedOnTheTerminal({ cluster, namespace, log, lab, bot });
    expect(followed.whileItRan).toEqual(['ResponseStarted']);
    expect(followed.exitCode).toBe(130);
    expect(followed.shown).not.toContain('cherry');
  }, 180_000);
});

describe('the feed and self-healing', () => {
  it('[P109] tells a crash loop, restarts its pod, and closes the one message when it has healed', async () => {
    const calls = guarded.cluster.auditLog().length;
    const since = alice.mark(room);
    const pod = await troublePod(
      guarded.cluster,
      { namespace, name: 'element-admin' },
      'crash-loop',
    );
    const message = await feed.told('Element Admin', since);
    expect(bodyOf(message)).toContain('ends as soon as it starts');
    const closed = await feed.edited(message, 'Healed after', since);
    const text = String(editedContent(closed)?.['body']);
    expect(text).toContain(`self-healing restarted pod ${pod} of Element Admin.`);
    expect(feed.all(since)).toHaveLength(1);
    expect(changes(calls, 'delete', pod)).toBe(1);
    expect((await say('!audit --limit=10')).body).toContain(`healing restart pod ${pod}`);
  }, 300_000);

  it('leaves what no restart cures, and stops where restarts did not cure it: one message each, and no flood', async () => {
    const { pods } = guarded.cluster;
    const { since, calls, loop, pull } = troubled;
    const isStop = (event: LabEvent): boolean =>
      bodyOf(event).includes('authorisation service: it was restarted, and the trouble is there');
    await alice.waitFor(room, isStop, { since, timeoutMs: 120_000 });
    await feed.edited(loop, 'the trouble outlived its restarts', since);
    const rungs = () => [
      changes(calls, 'delete', 'deed-matrix-rtc-authorisation'),
      changes(calls, 'patch', 'deed-matrix-rtc-authorisation'),
      changes(calls, 'delete', 'deed-matrix-rtc-sfu'),
      changes(calls, 'patch', 'deed-matrix-rtc-sfu'),
    ];
    expect(rungs()).toEqual([1, 1, 0, 0]);
    expect((await say('!status')).body).toContain('waits for a person at MatrixRTC authorisation');
    await Promise.all([pods.behave(authorisation, 'healthy'), pods.behave(sfu, 'healthy')]);
    await feed.edited(pull, 'Healed', since);
    expect((await say('!healing resume')).outcome).toBe('ok');
    expect((await say('!status')).body).not.toContain('waits for a person');
    // Those two, and the one above.
    expect(feed.all(since)).toHaveLength(3);
    expect(alice.timeline(room).filter(isStop, since)).toHaveLength(1);
    expect(rungs()).toEqual([1, 1, 0, 0]);
  }, 300_000);

  it('[P109] tells a kill for memory, and a pod that is not ready, which it heals, and that the disk has room again (fake clock)', async () => {
    const since = alice.mark(room);
    await guarded.cluster.pods.behave({ namespace, name: 'element-web' }, 'oom');
    const killed = await feed.told('Element Web', since);
    expect(bodyOf(killed)).toContain('using too much memory');
    // A pod has five minutes from its beginning on.
    await bot.term();
    fillNoMore(bot);
    bot = await lab.startBot({ settings, env: movedClock(6 * 60_000) });
    await troublePod(guarded.cluster, mas, 'not-ready');
    const unready = await feed.told('Matrix Authentication Service', since);
    expect(bodyOf(unready)).toContain('has not been ready');
    await feed.edited(unready, 'Healed after', since);
    await feed.edited(filling, 'Healed after', since);
    expect(feed.all(since)).toEqual([killed, unready]);
  }, 400_000);
});
