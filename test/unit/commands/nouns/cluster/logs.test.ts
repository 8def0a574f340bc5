import { describe, expect, it } from 'vitest';
import { logs } from '../../../../../src/commands/nouns/logs.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import { Mask } from '../../../../../src/core/mask.ts';
import { Secret } from '../../../../../src/core/secret.ts';
import { LogDesk } from '../../../../../src/ops/logs/log-desk.ts';
import { LinePattern } from '../../../../../src/ops/logs/pattern/line-pattern.ts';
import { createRedaction } from '../../../../../src/ops/redaction/redaction.ts';
import { fakeNow } from '../../../../fakes/cluster.ts';
import { fakeStatus } from '../../../../fakes/objects.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import { FakeClock, settled } from '../../dispatch/fake-clock.ts';
import { canaries } from '../../../ops/logs/canaries.ts';
import { HeardSpeech, linesOfNodes, readLines, surroundings } from './cluster-stage.ts';

function setUp() {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ now: () => clock.now() });
  const speech = new HeardSpeech();
  const desk = new LogDesk(createRedaction({ mask: new Mask(), kubernetes: cluster, clock }));
  const context = { ...surroundings(), kubernetes: cluster, clock, speech, logs: desk };
  return { clock, cluster, speech, context, desk };
}

const usual = {
  ...{ component: 'synapse', tail: 50, since: undefined, grep: undefined },
  ...{ previous: false, follow: false, container: undefined },
};

describe('logs (fake cluster)', () => {
  it('shows the last lines of the container that does the work', async () => {
    const { context, cluster } = setUp();
    cluster.texts.set('ess-postgres-0/postgres', 'one\ntwo\nthree\n');
    const lines = await readLines(logs.run(context, { ...usual, component: 'db', tail: 2 }));
    expect(lines).toEqual(['ess-postgres-0 / postgres', 'two', 'three']);
  });

  it('are those of one pod where its full name is given, and a title is a name', async () => {
    const { context, cluster } = setUp();
    const pod = cluster.view.get('Pod', { name: 'ess-haproxy-5d9c7b8f6-x2x4z' }).value;
    if (pod === null) throw new Error('no pod');
    const other = 'ess-haproxy-5d9c7b8f6-zzzzz';
    cluster.view.put('Pod', { ...pod, name: other });
    const titles = async (component: string) =>
      (await readLines(logs.run(context, { ...usual, component }))).filter((line) =>
        line.includes(' / '),
      );
    expect(await titles(other)).toEqual([`${other} / haproxy`]);
    expect(await titles('HAProxy')).toHaveLength(2);
    expect(await titles('MatrixRTC SFU (LiveKit)')).toHaveLength(1);
    await expect(titles('ngnix')).rejects.toMatchObject({
      params: { workers: { key: 'component.workers' } },
    });
  });

  it('[S6] shows none of fifty secrets, nor values of the release’s own Secrets', async () => {
    const { context, cluster } = setUp();
    cluster.secrets.set('ess-generated', new Map([['X', new Secret('plain words 77')]]));
    const text = [...canaries.map(({ line }) => line), 'said: plain words 77'].join('\n');
    cluster.texts.set('ess-synapse-main-0/synapse', `${text}\n`);
    const shown = (await readLines(logs.run(context, { ...usual, tail: 100 }))).join('\n');
    for (const { secret } of canaries) expect(shown).not.toContain(secret);
    expect(shown).not.toContain('plain words');
    expect(shown.split('\n').length).toBeGreaterThan(50);
  });

  it('[S6] hides a private key that is spread over lines, also when only its middle is read', async () => {
    const { context, cluster } = setUp();
    const body = Array.from(
      { length: 20 },
      (_, at) => `${'CANARYcanary0123'.repeat(3)}${String(at).padStart(16, 'x')}`,
    );
    const key = [
      '-----BEGIN RSA PRIVATE KEY-----',
      ...body,
      'c2hvcnQ=',
      '-----END RSA PRIVATE KEY-----',
    ];
    cluster.texts.set('ess-synapse-main-0/synapse', ['before', ...key, 'after'].join('\n'));
    const all = await readLines(logs.run(context, usual));
    expect(all.join('\n')).not.toMatch(/CANARY|c2hvcnQ/);
    expect(all.at(-1)).toBe('after');
    const middle = await readLines(logs.run(context, { ...usual, tail: 8 }));
    expect(middle.join('\n')).not.toContain('CANARY');
    const found = await readLines(logs.run(context, { ...usual, grep: new LinePattern('canary') }));
    expect(found.join('\n')).not.toContain('CANARY');
  });

  it('does not tell by a search whether a secret begins as somebody guesses', async () => {
    const { context, cluster } = setUp();
    cluster.texts.set('ess-synapse-main-0/synapse', 'password=hunter2\nhunter\n');
    const search = (text: string) =>
      readLines(logs.run(context, { ...usual, grep: new LinePattern(text) }));
    expect(await search('hunter2')).toContain('No line has “hunter2”.');
    expect(await search('password')).toContain('password=[masked]');
  });

  it('searches by text and by pattern, since a time, in another container', async () => {
    const { context, cluster } = setUp();
    cluster.texts.set('ess-postgres-0/postgres-exporter', 'ERROR a\nb\nerror c\n');
    const lines = await readLines(
      logs.run(context, {
        ...{ ...usual, component: 'postgres', container: 'postgres-exporter', since: 60_000 },
        grep: new LinePattern('/^error/i'),
      }),
    );
    expect(lines).toEqual(['ess-postgres-0 / postgres-exporter', 'ERROR a', 'error c']);
    expect(cluster.calls.find(({ method }) => method === 'logs')?.what).toMatchObject({
      since: fakeNow - 60_000,
    });
    await expect(
      readLines(logs.run(context, { ...usual, component: 'postgres', container: 'nginx' })),
    ).rejects.toMatchObject({ code: 'E_CONTAINER_UNKNOWN' });
  });

  it('says that there was no earlier run, and shows it where there was one', async () => {
    const { context, cluster } = setUp();
    const ask = () => readLines(logs.run(context, { ...usual, previous: true }));
    expect(await ask()).toContain('It was not restarted, so there is no earlier run.');
    const pod = cluster.view.get('Pod', { name: 'ess-synapse-main-0' }).value;
    if (pod === null) throw new Error('no pod');
    cluster.view.put('Pod', { ...pod, containers: [fakeStatus('synapse', { restarts: 2 })] });
    cluster.texts.set('ess-synapse-main-0/synapse/previous', 'the end\n');
    expect(await ask()).toContain('the end');
  });

  it('keeps memory and answer bounded with a log of 200 MB', async () => {
    const { context, cluster } = setUp();
    const block = Buffer.from(`${'x'.repeat(1000)}\n`.repeat(1024));
    cluster.onLogs = async function* () {
      for (let at = 0; at < 200; at += 1) yield await Promise.resolve(block);
      yield Buffer.from(`${'y'.repeat(5_000_000)}\nlast\n`);
    };
    const before = process.memoryUsage().rss;
    const grep = new LinePattern('/[xy]$|last/');
    const lines = await readLines(logs.run(context, { ...usual, tail: 10_000, grep }));
    expect(lines.at(-2)).toBe('last');
    expect(lines.at(-1)).toContain('longer than what is looked through');
    expect(lines.join('\n').length).toBeLessThan(2_100_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('reads the other pods where one can not be read, and says why', async () => {
    const { context, cluster } = setUp();
    const failure = new AppError('E_KUBERNETES_ANSWER', {
      status: 400,
      reason: 'is waiting to start',
    });
    cluster.failures.set('logs', failure);
    const lines = await readLines(logs.run(context, usual));
    expect(lines.at(-1)).toContain('is waiting to start');
    const forbidden = new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'get', resource: 'pods/log' });
    cluster.failures.set('logs', forbidden);
    await expect(readLines(logs.run(context, usual))).rejects.toBe(forbidden);
  });

  it('follows in batches, says what it left out, and ends with the containers (fake clock)', async () => {
    const { context, cluster, clock, speech } = setUp();
    cluster.texts.set('ess-haproxy-5d9c7b8f6-x2x4z/haproxy', 'line\n'.repeat(100));
    cluster.onLogs = async function* () {
      yield await Promise.resolve(Buffer.from('line\n'.repeat(100)));
    };
    const answer = readLines(logs.run(context, { ...usual, component: 'haproxy', follow: true }));
    await settled();
    await clock.advance(3000);
    expect(await answer).toEqual(['ok: HAProxy: 100 lines in 0 ms; then its containers ended.']);
    const told = linesOfNodes(speech.told);
    expect(told[0]).toBe('60 lines before these were left out: too many at once.');
    expect(told).toHaveLength(41);
  });

  it('has an end in a room: ten minutes, or 500 lines (fake clock)', async () => {
    const { context, cluster, clock, speech } = setUp();
    cluster.onLogs = async function* (_request, signal) {
      for (let at = 0; signal?.aborted !== true; at += 1) {
        yield Buffer.from(`line ${at}\n`);
        await clock.sleep(60_000, signal);
      }
    };
    const answer = readLines(logs.run(context, { ...usual, component: 'haproxy', follow: true }));
    await settled();
    for (let at = 0; at < 200; at += 1) await clock.advance(3000);
    expect((await answer)[0]).toMatch(/^ok: HAProxy: \d+ lines in 10 min; that is the longest\.$/);
    expect(linesOfNodes(speech.told)[0]).toBe('line 0');
  });

  it('follows at most three at a time, and frees the place when it is stopped', async () => {
    const { context, desk, cluster } = setUp();
    cluster.onLogs = async function* (_request, signal) {
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new Error())),
      );
      yield new Uint8Array();
    };
    const leave = [desk.follow(), desk.follow(), desk.follow()];
    const ask = (signal: AbortSignal) =>
      readLines(logs.run({ ...context, signal }, { ...usual, follow: true }));
    await expect(ask(context.signal)).rejects.toMatchObject({ code: 'E_LOGS_BUSY' });
    leave[0]?.();
    const stop = new AbortController();
    const stopped = ask(stop.signal);
    await settled();
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    desk.follow()();
  });
});
