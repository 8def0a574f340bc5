import { afterAll, beforeAll, expect, it } from 'vitest';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Answer } from '../../lab/answer.ts';
import { questionIn } from '../../lab/demo/question.ts';
import type { LabEvent } from '../../lab/event.ts';
import type { Person } from '../../lab/person.ts';
import { startGuarded, type Guarded, type Names } from './rbac/guarded.ts';

const names: Names = {
  ess: { release: 'mill', namespace: 'stream' },
  own: { release: 'miller', namespace: 'lodge' },
  certs: 'cert-manager',
};

/** What is said in the room, for each command that asks the cluster. */
const lines: Readonly<Record<string, readonly string[]>> = {
  status: ['!status'],
  health: ['!health'],
  info: ['!info'],
  events: ['!events --all'],
  logs: ['!logs haproxy --tail=10', '!logs element-web --tail=10 --grep=x'],
  restart: ['!restart element-web'],
  scale: ['!scale haproxy 2', '!scale haproxy 1'],
  perf: ['!perf'],
  doctor: ['!doctor'],
  bundle: ['!bundle'],
};

const asksTheCluster = commands
  .filter(({ uses }) => uses.some((each) => ['kubernetes', 'gauges', 'logDesk'].includes(each)))
  .map(nameOf);

let guarded: Guarded;
let lab: Lab;
let alice: Person;
let room: string;
/** Calls that were made to get here, the guard's own included. */
let callsBefore: number;

beforeAll(async () => {
  [guarded, lab] = await Promise.all([
    startGuarded(names, (cluster) => cluster.installEss({ ...names.ess, shape: 'redis' })),
    startLab({ name: 'rbac-commands' }),
  ]);
  const { cluster, own, ess } = { cluster: guarded.cluster, ...names };
  for (const name of ['monitoring', names.certs]) {
    await cluster.kubectlApply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
  }
  await guarded.install({ neighbours: ['kube-system', 'monitoring', names.certs] });
  alice = lab.person('alice');
  const kubeconfig = await cluster.kubeconfigFor(`${own.release}-bot`, own.namespace);
  callsBefore = cluster.auditLog().length;
  await lab.startBot({ settings: { kubernetes: { kubeconfig, ...ess } } });
  room = await lab.enterAdminRoom(alice);
}, 300_000);
afterAll(async () => {
  await lab.stop();
  await guarded[Symbol.asyncDispose]();
});

it('[S1] has a line for every command that asks the cluster', () => {
  expect(asksTheCluster.length).toBeGreaterThanOrEqual(8);
  expect(Object.keys(lines)).toEqual(expect.arrayContaining(asksTheCluster));
});

const noRule = 'the rule for it is missing';
/** Off by default, and tried where no Service address answers, as none may in the lab. */
const noForward = `may not get pods/portforward in ${names.ess.namespace}: ${noRule}`;

/** Says it, and confirms it where the bot asks back. */
const say = async (line: string): Promise<Answer> => {
  const since = alice.mark(room);
  const command = await alice.send(room, line);
  const isEnd = ({ content }: LabEvent): boolean =>
    'io.urtc.prompt' in content || 'io.urtc.final' in content;
  const first = await alice.waitFor(room, isEnd, { since, timeoutMs: 60_000 });
  const question = questionIn(first);
  if (question !== undefined) await alice.send(room, question.code, { reply: first.event_id });
  return alice.answerTo(room, command, { since, timeoutMs: 60_000 });
};

it.each(asksTheCluster)('[S1] runs `%s` with no right beyond its token', async (name) => {
  for (const line of lines[name] ?? []) {
    const { outcome, body } = await say(line);
    // What the probes find is not the point here: nothing listens behind the lab's addresses.
    if (name !== 'health') expect(['ok', 'warning'], body).toContain(outcome);
    expect(body.replaceAll(noForward, ''), line).not.toContain(noRule);
  }
});

it('[S1] was refused nothing but what it must not have', () => {
  const user = `system:serviceaccount:${names.own.namespace}:${names.own.release}-bot`;
  const calls = guarded.cluster.auditLog().slice(callsBefore);
  const own = calls.filter((call) => call.user.username === user);
  expect(own.length).toBeGreaterThan(20);
  const refused = own
    .filter((call) => call.responseStatus.code === 403)
    .map(({ verb, objectRef: { resource, subresource, namespace } }) =>
      [verb, subresource === '' ? resource : `${resource}/${subresource}`, namespace].join(' '),
    );
  // Secrets are asked for so that they can be masked, and port-forward where no address answers.
  const known = ['get secrets stream', 'get pods/portforward stream'];
  expect([...new Set(refused)].filter((each) => !known.includes(each))).toEqual([]);
});
