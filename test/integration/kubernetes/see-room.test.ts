import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { createSamples } from '../../../src/platform/store/samples.ts';
import { openState } from '../../../src/platform/store/state.ts';
import { dirname, join } from 'node:path';
import { until } from '../../lab/wait.ts';
import { canaries } from '../../unit/ops/logs/canaries.ts';
import { unpacked } from '../../unit/ops/bundle/unpacked.ts';
import { startGuarded, type Guarded } from './rbac/guarded.ts';
import { callPorts } from './see/call-ports.ts';
import { fullOfCanaries } from './see/full-of-canaries.ts';
import { roomyFolder } from './see/roomy-folder.ts';
import { startStackStub, type StackStub } from './see/stack-stub.ts';

const names = {
  ess: { release: 'home', namespace: 'seen' },
  own: { release: 'viewer', namespace: 'viewers' },
  certs: 'viewers-certs',
} as const;

let guarded: Guarded;
let volumes: string;
let stub: StackStub;
let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
let settings: Readonly<Record<string, unknown>>;

/** What stands beside the stack: a Deployment that says which version it is. */
const neighbour = (namespace: string, name: string, version: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image: `registry.test/${name}:${version}` }] },
    },
  },
});
/** As the chart's PostgreSQL exporter writes it. */
const exporterSays = [
  'pg_database_size_bytes{datname="postgres"} 7.5e+06',
  'pg_database_size_bytes{datname="synapse"} 4.21e+09',
  'pg_stat_activity_count{datname="synapse",state="active"} 3',
  'pg_stat_activity_count{datname="synapse",state="idle"} 9',
  'pg_settings_max_connections{server="127.0.0.1:5432"} 500',
].join('\n');
const minute = 60_000;
const mediaBytes = 3_210_000;

/** What the bot would have measured in half an hour: nobody waits for it. */
function measure(): void {
  const database = openState(join(dirname(bot.configFile), 'data'));
  const samples = createSamples(database);
  for (let ago = 30; ago > 0; ago -= 1) {
    const values = new Map([
      ['node/home/cpu', 400 + 10 * ago],
      ['node/home/memory', 2e9],
    ]);
    samples.add(Date.now() - ago * minute, values, 60 * minute);
  }
  database.close();
}

const space = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

beforeAll(async () => {
  volumes = roomyFolder();
  lab = await startLab({ name: 'see-room' });
  const serverName = lab.botAccount.userId.replace(/^[^:]*:/, '');
  stub = await startStackStub(serverName);
  guarded = await startGuarded(
    names,
    async (cluster) => {
      await cluster.kubectlApply([space('cert-manager'), space('monitoring')]);
      await cluster.installEss({
        ...names.ess,
        shape: 'valkey',
        values: callPorts(30_105),
        hooks: false,
      });
    },
    { neighbours: ['kube-system', 'cert-manager', 'monitoring'] },
  );
  const { cluster } = guarded;
  await cluster.kubectlApply([
    neighbour('cert-manager', 'cert-manager', 'v1.21.1'),
    neighbour('monitoring', 'prometheus', 'v3.8.0'),
  ]);
  const { url } = stub;
  const kubeconfig = await cluster.kubeconfigFor('viewer-bot', names.own.namespace);
  settings = {
    kubernetes: {
      ...{ kubeconfig, ...names.ess, storagePath: volumes },
      // Synapse is the lab's own, at the address of `homeserver`.
      endpoints: {
        ...{ mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url },
        'postgres-metrics': url,
      },
    },
  };
  stub.answers['/metrics'] = [200, exporterSays];
  alice = lab.person('alice');
  // It asks Synapse for the size of the media when it starts, and then every ten minutes.
  await alice.upload(new Uint8Array(mediaBytes), 'application/octet-stream', 'zeros');
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom();
}, 300_000);

afterAll(async () => {
  await lab.stop();
  await guarded[Symbol.asyncDispose]();
  await stub[Symbol.asyncDispose]();
  rmSync(volumes, { recursive: true });
});

const ask = async (line: string): Promise<string> => (await alice.ask(room, line)).body;

const terminal = async (...args: string[]) => {
  const result = await urtc([...args, '--json', '--config', bot.configFile], { cwd: lab.folder });
  const shape = z.looseObject({
    outcome: z.string(),
    fields: z.record(z.string(), z.unknown()),
    tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
    groups: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  });
  return { code: result.code, ...shape.parse(JSON.parse(result.stdout)) };
};

const bundleFields = z.looseObject({ path: z.string(), bytes: z.number(), sha256: z.string() });
const shelfOf = (): string => join(dirname(bot.configFile), 'data/bundles');

describe('in the room (stub of the stack, but for Synapse)', () => {
  it('[P44] [P49] status has every component, K3s, cert-manager and Prometheus with versions, the node, and the size of the database', async () => {
    const look = async (): Promise<string | undefined> => {
      const body = await ask('!status');
      const isWhole = ['v3.8.0, 1/1', 'v1.21.1, 1/1', 'Media: '].every((it) => body.includes(it));
      return isWhole ? body : undefined;
    };
    const body = await until('the neighbours in status', look, {
      timeoutMs: 90_000,
      everyMs: 5000,
    });
    for (const part of ['Synapse', 'Element Web', 'v1.36.4+k3s1', 'home (127.0.0.1)']) {
      expect(body).toContain(part);
    }
    expect(body).toMatch(/Disk of the volumes: .*free/);
    // As Synapse itself says it, over the admin API.
    expect(body).toContain('Media: 3.2 MB');
    expect(body).toContain('Database synapse: 4.2 GB');
    expect(body).not.toContain('Database postgres');
    expect(body).toContain('Connections to the database: 12/500');
  });

  it('health asks every part', async () => {
    const look = async (): Promise<true | undefined> =>
      (await ask('!health')).includes('Everything does its work.') ? true : undefined;
    await until('a health with which nothing is wrong', look, { timeoutMs: 90_000, everyMs: 1000 });
  });

  it('[P53] [P85] info has addresses, user ids, the ports of the SFU and the path, and no password', async () => {
    const body = await ask('!info');
    for (const part of ['https://chat.example.org', '@name:', 'sound and pictures of calls']) {
      expect(body).toContain(part);
    }
    for (const port of ['30105', '30106']) expect(body).toContain(port);
    expect(body).toContain(volumes);
    expect(body).not.toMatch(/password/i);
  });

  it('events and an unknown component, with the nearest name', async () => {
    expect(await ask('!events postgres --all')).toContain('home-postgres');
    const answer = await ask('!events postgers');
    expect(answer).toContain('Did you mean `postgres`?');
  });

  it('perf comes with a picture once something was measured', async () => {
    const look = async (): Promise<string | undefined> => {
      const body = await ask('!perf');
      return body.includes('cores of') ? body : undefined;
    };
    expect(await until('the metrics', look, { timeoutMs: 90_000, everyMs: 3000 })).toContain('MB');
  });
});

/** What somebody finds who gets a bundle: nothing that is secret, and what was asked for. */
function judgeBundle(data: Uint8Array): void {
  const { files } = unpacked(data);
  const whole = [...files].flat().join('\n');
  for (const { secret } of canaries) expect(whole).not.toContain(secret);
  const secrets = join(dirname(bot.configFile), 'secrets');
  const own = readdirSync(secrets).map((name) => readFileSync(join(secrets, name), 'utf8').trim());
  expect(own.length).toBeGreaterThan(2);
  for (const secret of own) expect(whole).not.toContain(secret);
  // And it is not clean because it is empty.
  expect(files.get('objects/deployments.json')).toContain('PLAIN_49');
  expect([...files.keys()].filter((path) => path.startsWith('logs/')).length).toBeGreaterThan(8);
  expect(files.get('bot/config.json')).toContain('secrets/bot-token');
}

describe('bundle (stub of the stack, but for Synapse)', () => {
  it('[P187] [S6] comes as a file that the person can open, with its sum, and none of fifty secrets', async () => {
    const { pods, kubectlApply } = guarded.cluster;
    const { namespace } = names.ess;
    await kubectlApply(fullOfCanaries(names.ess));
    const [pod = ''] = await pods.names({ namespace, name: 'haproxy' });
    const log = await pods.log({ namespace, pod, container: 'haproxy' });
    log.append(canaries.map(({ line }) => line));
    const { body, parts } = await alice.ask(room, '!bundle', { timeoutMs: 100_000 });
    const file = parts.find(({ content }) => content['msgtype'] === 'm.file');
    if (file === undefined) {
      expect(lab.isEncrypted).toBe(false);
      expect(body).toContain('this room is not encrypted');
      return;
    }
    expect(file.content['url']).toBeUndefined();
    const data = await alice.fileOf(file);
    expect(body).toContain(createHash('sha256').update(data).digest('hex'));
    judgeBundle(data);
    expect(existsSync(shelfOf())).toBe(false);
  });
});

describe('on the terminal (stub of the stack, but for Synapse)', () => {
  it('[P51] [P52] [P54] info shows the Services of Synapse, Element Web and MAS as internal', async () => {
    const { tables } = await terminal('info');
    const types = new Map((tables['services'] ?? []).map((row) => [row['service'], row['type']]));
    for (const name of [
      'synapse-main',
      'synapse',
      'element-web',
      'matrix-authentication-service',
    ]) {
      expect(types.get(`home-${name}`)).toBe('ClusterIP');
    }
  });

  it('health asks the real Synapse: client API, federation API and signing keys', async () => {
    const { code, tables } = await terminal('health');
    expect(code).toBe(0);
    const [client, federation, keys] = (tables['probes'] ?? []).map(({ detail }) => detail);
    expect(client).toMatchObject({ key: 'health.versions' });
    expect(federation).toMatch(/^Synapse \d+\.\d+\.\d+/);
    expect(keys).toBe('ed25519:a_lab');
    const ofStub = [...stub.hosts.keys()].filter((path) => path.startsWith('/_matrix/'));
    expect(ofStub).toEqual([]);
  });

  it('the exit code of health is the number of problems', async () => {
    stub.answers['/sfu/get'] = [200, 'what'];
    stub.answers['/.well-known/matrix/server'] = [404, 'nothing'];
    const { code, outcome } = await terminal('health');
    expect(outcome).toBe('failed');
    expect(code).toBe(2);
  });

  it('bundle writes a file for its owner alone, and says where, how long it is and what is missing', async () => {
    const { code, fields, tables } = await terminal('bundle', '--since=1h');
    expect(code).toBe(0);
    const { path, bytes, sha256 } = bundleFields.parse(fields);
    const data = readFileSync(path);
    expect([data.byteLength, statSync(path).mode & 0o777]).toEqual([bytes, 0o600]);
    expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
    judgeBundle(data);
    expect(tables['left_out'] ?? []).toEqual([]);
  });

  it('[P69] health works alone, with JSON, while no bot runs', async () => {
    await bot.term();
    // It reads the cluster anew, for which a busy machine may take longer than it waits.
    const look = async () => {
      const seen = await terminal('health');
      return seen.code === 2 ? seen : undefined;
    };
    const { tables } = await until('the two problems', look, { timeoutMs: 90_000 });
    expect(tables['probes']).toHaveLength(14);
  });
});

describe('after a restart (stub of the stack, but for Synapse)', () => {
  it('[P97] perf shows what was measured before as a picture in the room (half an hour of made-up samples)', async () => {
    measure();
    bot = await lab.startBot({ settings });
    const { event } = await alice.ask(room, '!perf');
    const { msgtype, info, file, url, body } = event.content;
    expect(msgtype).toBe('m.image');
    expect(info).toMatchObject({ w: 800, h: 320, mimetype: 'image/png' });
    expect(file ?? url).toBeDefined();
    expect(body).toContain('processor and memory of the node');
  });

  it('a bundle that was being made when the bot was killed is none, and is gone at the next start', async () => {
    const before = readdirSync(shelfOf());
    const cut = terminal('bundle').catch((error: unknown) => error);
    const half = await until(
      'a bundle under way',
      () => readdirSync(shelfOf()).find((name) => name.endsWith('.part')),
      { timeoutMs: 20_000, everyMs: 5 },
    );
    await bot.kill9();
    await cut;
    expect(readdirSync(shelfOf()).sort()).toEqual([...before, half].sort());
    expect(statSync(join(shelfOf(), half)).mode & 0o777).toBe(0o600);
    // No bot runs now: it is made by the terminal itself, and says what it lacks for that.
    const { outcome, fields, tables } = await terminal('bundle');
    expect(outcome).toBe('warning');
    expect(tables['left_out']).toMatchObject([{ what: 'bot/urtc.log' }]);
    judgeBundle(readFileSync(bundleFields.parse(fields).path));
    expect(readdirSync(shelfOf())).not.toContain(half);
  });
});
