import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { questionIn } from '../../lab/demo/question.ts';
import { bodyOf, editedContent, relationOf, type LabEvent } from '../../lab/event.ts';
import { notes } from '../../lab/kubernetes/kwok/stage.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { startUrtc, urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { canaries } from '../../unit/ops/logs/canaries.ts';
import { logTimes } from './port/log-times.ts';
import { startGuarded, type Guarded } from './rbac/guarded.ts';
import { singles } from './rbac/two-workloads.ts';

const names = {
  ess: { release: 'deed', namespace: 'deeds' },
  own: { release: 'doer', namespace: 'doers' },
  certs: 'doers-certs',
} as const;
const { namespace } = names.ess;

let guarded: Guarded;
let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
let settings: Record<string, unknown>;

beforeAll(async () => {
  [guarded, lab] = await Promise.all([
    startGuarded(names, (cluster) => cluster.installEss({ ...names.ess, shape: 'redis' })),
    startLab({ name: 'act' }),
  ]);
  alice = lab.person('alice');
  const kubeconfig = await guarded.cluster.kubeconfigFor('doer-bot', names.own.namespace);
  await guarded.install({ healing: { enabled: true } });
  settings = {
    kubernetes: { kubeconfig, ...names.ess, feed: { afterSeconds: 2, healedAfterSeconds: 3 } },
    healing: { enabled: true, afterSeconds: 2 },
  };
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom(alice);
}, 300_000);

afterAll(async () => {
  await lab.stop();
  await guarded[Symbol.asyncDispose]();
});

/** Says it, and confirms it where the bot asks back. */
async function say(line: string): Promise<Answer> {
  const since = alice.mark(room);
  const command = await alice.send(room, line);
  const isEnd = ({ content }: LabEvent): boolean =>
    'io.urtc.prompt' in content || 'io.urtc.final' in content;
  const first = await alice.waitFor(room, isEnd, { since, timeoutMs: 60_000 });
  const question = questionIn(first);
  if (question !== undefined) await alice.send(room, question.code, { reply: first.event_id });
  return alice.answerTo(room, command, { since, timeoutMs: 90_000 });
}

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

describe('restart', () => {
  it('restarts one component after a yes, and says when it is ready', async () => {
    const before = await onlyPod('element-web');
    const { outcome, body } = await say('!restart element-web');
    expect([outcome, body]).toEqual(['ok', expect.stringContaining('restarted and ready')]);
    expect(await onlyPod('element-web')).not.toBe(before);
  });

  it('restarts all on the terminal, each when the one before it is ready', async () => {
    const { code, stdout } = await urtc(['restart', 'all', '--yes', '--config', bot.configFile], {
      cwd: lab.folder,
    });
    expect(stdout).toContain('11 components are restarted and ready');
    expect(code).toBe(0);
  }, 120_000);

  it('goes on after the bot was killed in the middle, and restarts nothing twice', async () => {
    const { pods, auditLog } = guarded.cluster;
    await pods.behave({ namespace, name: 'haproxy' }, 'slow-start', { everyMs: 4000 });
    const calls = auditLog().length;
    const since = alice.mark(room);
    const command = await alice.send(room, '!restart haproxy');
    const asked = await alice.waitFor(room, (event) => questionIn(event) !== undefined, { since });
    await alice.send(room, questionIn(asked)?.code ?? '', { reply: asked.event_id });
    const patched = () => changes(calls, 'patch', 'deed-haproxy');
    await until('the restart', () => (patched() > 0 ? true : undefined), { timeoutMs: 20_000 });
    await bot.kill9();
    bot = await lab.startBot({ settings });
    const { body } = await alice.answerTo(room, command, { since, timeoutMs: 90_000 });
    expect(body).toContain('restarted and ready');
    expect(patched()).toBe(1);
    await pods.behave({ namespace, name: 'haproxy' }, 'healthy');
  }, 120_000);

  it('names the nearest component', async () => {
    expect((await say('!restart haprxoy')).body).toMatch(/Did you mean .?haproxy/);
  });
});

describe('scale', () => {
  it('[H1] is in the way of an upgrade until its time is over and it is handed back, and not after', async () => {
    const since = alice.mark(room);
    expect((await say('!scale haproxy 2 --for=1h')).body).toContain('HAProxy runs with 2 pods.');
    await expect(upgrade()).rejects.toThrow(/conflict/i);
    await say('!scale haproxy 2 --for=10s');
    const isBack = (event: LabEvent): boolean => bodyOf(event).includes('its time was over');
    const told = await alice.waitFor(room, isBack, { since, timeoutMs: 30_000 });
    expect(bodyOf(told)).toContain('is back to 1 pods');
    // One that lasts goes through the values, and nobody takes it back.
    await upgrade({ haproxy: { replicas: 2 } });
    expect(await guarded.cluster.pods.names({ namespace, name: 'haproxy' })).toHaveLength(2);
    await upgrade();
    const isOne = ({ length }: readonly unknown[]): boolean => length === 1;
    await guarded.cluster.pods.until({ namespace, name: 'haproxy' }, 'one', isOne);
    expect(alice.timeline(room).filter(isBack, since)).toHaveLength(1);
  }, 180_000);

  it('[H1] refuses what must be single, with the reason', async () => {
    for (const component of singles) {
      const { outcome, body } = await say(`!scale ${component} 2`);
      expect([outcome, body]).toEqual(['refused', expect.stringContaining('can not be scaled')]);
    }
  });
});

const incidents = (since: number): readonly LabEvent[] =>
  alice
    .timeline(room)
    .filter(
      (event) => 'io.urtc.incident' in event.content && relationOf(event).rel_type !== 'm.replace',
      since,
    );
const told = (text: string, since: number): Promise<LabEvent> =>
  alice.waitFor(
    room,
    (event) => 'io.urtc.incident' in event.content && bodyOf(event).includes(text),
    { since, timeoutMs: 40_000 },
  );
/** The edit of a message that says it. */
const edited = (message: LabEvent, text: string, since: number): Promise<LabEvent> =>
  alice.waitFor(
    room,
    (event) =>
      relationOf(event).event_id === message.event_id &&
      relationOf(event).rel_type === 'm.replace' &&
      String(editedContent(event)?.['body']).includes(text),
    { since, timeoutMs: 40_000 },
  );

/** What goes on while other things are looked at: the ladder takes its time. */
interface Troubled {
  readonly since: number;
  readonly calls: number;
  readonly loop: LabEvent;
  readonly pull: LabEvent;
}
let troubled: Troubled;

const authorisation = { namespace, name: 'matrix-rtc-authorisation-service' };
const sfu = { namespace, name: 'matrix-rtc-sfu' };

describe('a trouble that lasts', () => {
  it('[P109] is told', async () => {
    const { pods, auditLog } = guarded.cluster;
    const calls = auditLog().length;
    const since = alice.mark(room);
    await pods.behave(authorisation, 'crash-loop');
    const loop = await told('authorisation service', since);
    await pods.behave(sfu, 'image-pull');
    troubled = { since, calls, loop, pull: await told('SFU', since) };
  }, 120_000);
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
  }, 60_000);

  it('[P181] follows on the terminal until Ctrl-C, and then leaves no request behind', async () => {
    const pod = await onlyPod('haproxy');
    const log = await guarded.cluster.pods.log({ namespace, pod, container: 'haproxy' });
    const calls = guarded.cluster.auditLog().length;
    const stages = () =>
      guarded.cluster
        .auditLog()
        .slice(calls)
        .filter(({ requestURI }) => /\/log\?.*follow=true/.test(requestURI))
        .map(({ stage }) => stage);
    const seen = startUrtc(
      ['logs', 'haproxy', '--follow', '--grep=plum', '--config', bot.configFile],
      lab.folder,
    );
    const shows = (text: string) => () => (seen.stdout().includes(text) ? true : undefined);
    log.append(['a plum']);
    await until('the log', shows('a plum'), { timeoutMs: 20_000 });
    log.append(['a second plum', 'a cherry']);
    await until('the next line', shows('a second plum'), { timeoutMs: 20_000 });
    expect(stages()).toEqual(['ResponseStarted']);
    seen.interrupt();
    expect(await seen.ended).toBe(130);
    expect(seen.stdout()).not.toContain('cherry');
    const end = () => (stages().includes('ResponseComplete') ? true : undefined);
    await until('the end of its request', end, { timeoutMs: 10_000 });
  }, 60_000);
});

describe('the last 1000 lines of a log', () => {
  it('are there within half a second, 19 times of 20', async () => {
    const pod = await onlyPod('element-web');
    const log = await guarded.cluster.pods.log({ namespace, pod, container: 'element-web' });
    const line = 'GET /_matrix/client/v3/sync?timeout=30000 200 0.123sec from 10.42.0.1 as @anna';
    log.append(Array.from({ length: 20_000 }, (_, at) => `${at} ${line}`));
    const port = await guarded.open('bot');
    try {
      const source = { namespace: port.namespace, name: pod, container: 'element-web' };
      const { times, lines } = await logTimes(port, source);
      expect([...lines]).toEqual([1000]);
      process.stdout.write(`logs --tail 1000: p50 ${times[10]} ms, p95 ${times[18]} ms\n`);
      expect(times[18]).toBeLessThan(500);
    } finally {
      await port.close();
    }
  });
});

describe('the feed and self-healing', () => {
  it('[P109] tells a crash loop, restarts its pod, and closes the one message when it has healed', async () => {
    const calls = guarded.cluster.auditLog().length;
    const since = alice.mark(room);
    const pod = await onlyPod('element-admin');
    // This pod only: the next one is well.
    await guarded.cluster.api.send('PATCH', `/api/v1/namespaces/${namespace}/pods/${pod}`, {
      type: 'application/merge-patch+json',
      body: { metadata: { annotations: { [notes.behaviour]: 'crash-loop' } } },
    });
    const message = await told('Element Admin', since);
    expect(bodyOf(message)).toContain('ends as soon as it starts');
    const closed = await edited(message, 'Healed after', since);
    const text = String(editedContent(closed)?.['body']);
    expect(text).toContain(`self-healing restarted pod ${pod} of Element Admin.`);
    expect(incidents(since)).toHaveLength(1);
    expect(changes(calls, 'delete', pod)).toBe(1);
    expect((await say('!audit --limit=10')).body).toContain(`healing restart pod ${pod}`);
  }, 120_000);

  it('leaves what no restart cures, and stops where restarts did not cure it: one message each, and no flood', async () => {
    const { pods } = guarded.cluster;
    const { since, calls, loop, pull } = troubled;
    const isStop = (event: LabEvent): boolean =>
      bodyOf(event).includes('authorisation service: it was restarted, and the trouble is there');
    await alice.waitFor(room, isStop, { since, timeoutMs: 60_000 });
    await edited(loop, 'the trouble outlived its restarts', since);
    const rungs = () => [
      changes(calls, 'delete', 'deed-matrix-rtc-authorisation'),
      changes(calls, 'patch', 'deed-matrix-rtc-authorisation'),
      changes(calls, 'delete', 'deed-matrix-rtc-sfu'),
      changes(calls, 'patch', 'deed-matrix-rtc-sfu'),
    ];
    expect(rungs()).toEqual([1, 1, 0, 0]);
    expect((await say('!status')).body).toContain('waits for a person at MatrixRTC authorisation');
    await Promise.all([pods.behave(authorisation, 'healthy'), pods.behave(sfu, 'healthy')]);
    await edited(pull, 'Healed', since);
    expect((await say('!healing resume')).outcome).toBe('ok');
    expect((await say('!status')).body).not.toContain('waits for a person');
    // Those two, and the one above.
    expect(incidents(since)).toHaveLength(3);
    expect(alice.timeline(room).filter(isStop, since)).toHaveLength(1);
    expect(rungs()).toEqual([1, 1, 0, 0]);
  }, 120_000);
});
