import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import { layWire, type Wire } from '../../lab/kubernetes/wire.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { talkIn, type Talk } from '../../lab/talk.ts';
import { until } from '../../lab/wait.ts';
import {
  asksTheCluster,
  documentedRequests,
  refusedTo,
  requestsFor,
} from './rbac/asks-the-cluster.ts';
import { startGuarded, type Guarded, type Names } from './rbac/guarded.ts';
import { linesOf, type Told } from './rbac/lines.ts';

const names: Names = {
  ess: { release: 'mill', namespace: 'stream' },
  own: { release: 'miller', namespace: 'lodge' },
  certs: 'cert-manager',
};
const { namespace } = names.ess;
const user = `system:serviceaccount:${names.own.namespace}:${names.own.release}-bot`;

let guarded: Guarded;
let lab: Lab;
let wire: Wire;
let bot: BotProcess;
let say: Talk;
/** Calls that were made to get here, the guard's own included. */
let callsBefore: number;

const space = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const neighbours = ['kube-system', 'monitoring', names.certs];

beforeAll(async () => {
  [guarded, lab] = await Promise.all([
    startGuarded(
      names,
      async (cluster) => {
        await cluster.kubectlApply([space('monitoring'), space(names.certs)]);
        await cluster.installEss({ ...names.ess, shape: 'valkey' });
      },
      { neighbours },
    ),
    startLab({ name: 'rbac-commands' }),
  ]);
  const { cluster } = guarded;
  wire = await layWire(
    await cluster.kubeconfigFor(`${names.own.release}-bot`, names.own.namespace),
  );
  callsBefore = cluster.auditLog().length;
  bot = await lab.startBot({
    settings: { kubernetes: { kubeconfig: wire.kubeconfig, ...names.ess } },
  });
  const alice = lab.person('alice');
  say = talkIn(alice, await lab.enterAdminRoom(alice));
}, 300_000);
afterAll(async () => {
  await lab.stop();
  await wire[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
});

it('[S1] has a line for every command that asks the cluster', () => {
  expect(asksTheCluster.length).toBeGreaterThanOrEqual(8);
  expect(Object.keys(linesOf)).toEqual(expect.arrayContaining(asksTheCluster));
});

const noRule = 'the rule for it is missing';
/** Off by default, and tried where no Service address answers, as none may in the lab. */
const noForward = `may not get pods/portforward in ${namespace}: ${noRule}`;

it.each(asksTheCluster)(
  '[S1] runs `%s` with no right beyond its token (shape valkey)',
  async (name) => {
    for (const line of linesOf[name]?.well ?? []) {
      const { outcome, body } = await say(line, 180_000);
      // What the probes find is not the point here: nothing listens behind the lab's addresses.
      if (!['health', 'doctor'].includes(name)) expect(['ok', 'warning'], body).toContain(outcome);
      expect(body.replaceAll(noForward, ''), line).not.toContain(noRule);
    }
  },
  400_000,
);

it('`scale` asks as often as the docs say', async () => {
  const wanted = documentedRequests().get('scale') ?? -1;
  const line = '!scale haproxy 2';
  const { cluster } = guarded;
  expect(await requestsFor({ user, line, wanted, say, cluster })).toBe(wanted);
  expect((await say('!scale haproxy 1')).outcome).toBe('ok');
});

it('[S1] was refused nothing but what it must not have', () => {
  const calls = guarded.cluster.auditLog().slice(callsBefore);
  const own = calls.filter((call) => call.user.username === user);
  expect(own.length).toBeGreaterThan(20);
  // Secrets are asked for so that they can be masked, and port-forward where no address answers.
  const known = ['get secrets stream', 'get pods/portforward stream'];
  expect(refusedTo(user, own).filter((each) => !known.includes(each))).toEqual([]);
});

const generatedSecret = z.object({ data: z.record(z.string(), z.base64()) });

const logOf = async (name: string) => {
  const { pods } = guarded.cluster;
  const [pod = ''] = await pods.names({ namespace, name });
  return pods.log({ namespace, pod, container: name });
};

describe('a log', () => {
  it('[S6] shows none of the passwords that the chart made up, which this token may not read', async () => {
    const path = `/api/v1/namespaces/${namespace}/secrets/${names.ess.release}-generated`;
    const { text } = await guarded.cluster.api.raw('GET', path);
    const { data } = generatedSecret.parse(JSON.parse(text));
    const values = Object.values(data)
      .map((value) => Buffer.from(value, 'base64').toString())
      .filter((value) => value.length > 2);
    expect(values.length).toBeGreaterThan(8);
    const log = await logOf('element-web');
    log.append(values.map((value, at) => `value ${at}: got ${value} there`));
    const { body, html } = await say('!logs element-web --tail=100');
    expect(body).toContain('value 0');
    for (const value of values) expect(body + html).not.toContain(value);
    // Nor can one be guessed by a search.
    const guess = values[0]?.slice(0, 10) ?? '';
    expect((await say(`!logs element-web --grep=${guess}`)).body).not.toContain('value 0');
  });

  it('soak: of 200 MB is answered within bounds of size, time and memory', async () => {
    const megabytes = soakCount(200, 'MB of a log');
    const log = await logOf('haproxy');
    log.append(['the needle is at the beginning']);
    const line = `2026-11-22T20:00:00.000000000Z stdout F ${'haystack '.repeat(22)}\n`;
    const block = line.repeat(Math.floor(1e6 / line.length));
    for (let at = 0; at < megabytes; at += 1) appendFileSync(log.file, block);
    log.append(['the last of all']);
    const memory = (field: string): number =>
      Number(
        new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
          readFileSync(`/proc/${bot.pid}/status`, 'utf8'),
        )?.[1],
      ) / 1000;
    // Sets the peak back to what is used now (proc(5)).
    writeFileSync(`/proc/${bot.pid}/clear_refs`, '5');
    const before = memory('VmRSS');
    const asked: string[] = [];
    const ask = async (flags: string) => {
      const begun = performance.now();
      const answer = await say(`!logs haproxy ${flags}`, 110_000);
      asked.push(`${flags} ${Math.round(performance.now() - begun)} ms`);
      return answer;
    };
    expect((await ask('--tail=20')).body).toContain('the last of all');
    const found = await ask('--grep=needle');
    expect(found.body).toContain('the needle is at the beginning');
    expect(found.body).not.toContain('haystack');
    // Two million characters at most, as a file.
    const long = await ask('--tail=10000');
    const sizes = long.parts.map(({ content }) =>
      z.object({ size: z.number() }).safeParse(content['info']),
    );
    const size = Math.max(...sizes.map(({ data }) => data?.size ?? 0));
    expect(size).toBeGreaterThan(1_500_000);
    expect(size).toBeLessThan(2_100_000);
    const more = memory('VmHWM') - before;
    process.stdout.write(
      `a log of ${megabytes} MB: ${asked.join(', ')}; ${more.toFixed(0)} MB more\n`,
    );
    expect(more).toBeLessThan(150);
    writeFileSync(log.file, '');
  });
});

describe('what can not be done', () => {
  it.each(['!logs haprxoy', '!restart haprxoy', '!scale haprxoy 2', '!events haprxoy'])(
    '%s names the nearest component',
    async (line) => {
      const { outcome, body } = await say(line);
      expect([outcome, body]).toEqual(['failed', expect.stringMatching(/Did you mean .?haproxy/)]);
    },
  );

  it('[H1] a number beyond our own limit, and one that the cluster’s policy refuses, by its name', async () => {
    expect((await say('!scale haproxy 11')).body).toContain('0 to 10');
    await guarded.install({ scale: { most: 2 } });
    const scale = `/apis/apps/v1/namespaces/${namespace}/deployments/mill-haproxy/scale?dryRun=All`;
    const isInForce = async (): Promise<true | undefined> => {
      const type = 'application/merge-patch+json';
      const { status } = await guarded.as.bot.send('PATCH', scale, {
        type,
        body: { spec: { replicas: 3 } },
      });
      return status === 403 ? true : undefined;
    };
    await until('the policy', isInForce, { timeoutMs: 30_000 });
    const { outcome, body } = await say('!scale haproxy 3');
    expect(outcome).toBe('refused');
    expect(body).toContain(
      'The admission policy “miller-bot-scale” of the cluster does not allow this change',
    );
    expect(body).toContain('more than 2 replicas are refused');
  });

  it('says which rule is missing, for each verb that was taken away', async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/miller-bot`;
    const role = z.looseObject({
      rules: z.array(
        z.object({ verbs: z.array(z.string()), resources: z.array(z.string()) }).loose(),
      ),
    });
    const { rules } = role.parse(JSON.parse((await guarded.cluster.api.raw('GET', path)).text));
    const left = rules.filter(
      ({ verbs, resources }) => !verbs.includes('patch') && !resources.includes('pods/log'),
    );
    expect(left).toHaveLength(rules.length - 3);
    await guarded.cluster.api.raw('PATCH', path, {
      type: 'application/merge-patch+json',
      body: { rules: left },
    });
    const question = {
      verb: 'patch',
      group: 'apps',
      resource: 'deployments',
      subresource: '',
      namespace,
      name: '',
    };
    const isTaken = async () => ((await guarded.as.bot.may(question)) ? undefined : true);
    await until('the rights to be gone', isTaken, { timeoutMs: 60_000 });
    for (const [line, rule] of [
      ['!logs haproxy', 'get pods/log'],
      ['!restart haproxy', 'patch deployments'],
      ['!scale haproxy 2', 'patch deployments/scale'],
    ] as const) {
      const { outcome, body } = await say(line);
      expect([line, outcome]).toEqual([line, 'failed']);
      expect(body).toContain(`may not ${rule} in ${namespace}: ${noRule}`);
    }
  });
});

/** Says every line and looks for what it has to tell. Returns the outcomes. */
async function tells(talk: Talk, told: Told): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const [line, text] of told) {
    const { body, outcome } = await talk(line);
    expect({ line, body }).toEqual({ line, body: expect.stringContaining(text) as unknown });
    outcomes.push(outcome);
  }
  return outcomes;
}

it('every command has an answer where there is nothing of the release, with the token of the bot', async () => {
  const empty: Names = {
    ess: { release: 'none', namespace: 'nowhere' },
    own: { release: 'walker', namespace: 'path' },
    certs: names.certs,
  };
  const { cluster } = guarded;
  const prepare = () => cluster.kubectlApply([space(empty.ess.namespace)]);
  await using nothing = await startGuarded(empty, prepare, { neighbours });
  const kubeconfig = await cluster.kubeconfigFor('walker-bot', empty.own.namespace);
  const from = cluster.auditLog().length;
  const settings = { kubernetes: { kubeconfig, ...nothing.names.ess } };
  const alone = await lab.startBot({ name: 'empty', settings });
  const alice = lab.person('alice');
  const ask = talkIn(alice, await lab.enterAdminRoom(alice));
  for (const name of asksTheCluster) {
    const { nothing: lines = [] } = linesOf[name] ?? {};
    expect(lines.length, name).toBeGreaterThan(0);
    await tells(ask, lines);
  }
  await alone.term();
  const walker = 'system:serviceaccount:path:walker-bot';
  const own = cluster.auditLog().slice(from);
  expect(own.filter((call) => call.user.username === walker).length).toBeGreaterThan(20);
  expect(refusedTo(walker, own)).toEqual(['get secrets nowhere']);
});

it('while the API server can not be reached, every command shows what was known, or says why not', async () => {
  await wire.cut();
  // A watch that was cut is tried again before it is called lost.
  const isLost = async (): Promise<true | undefined> =>
    (await say('!status')).body.includes('this is how it was') ? true : undefined;
  await until('the loss to be noticed', isLost, { timeoutMs: 60_000 });
  for (const name of asksTheCluster) {
    expect([name, ...(await tells(say, linesOf[name]?.away ?? []))]).not.toContain('ok');
  }
});
