import { noChannels } from '../no-channels.ts';
import { silentAlerts } from '../silent-alerts.ts';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Actor, Rank, Role } from '../../../../src/commands/actor.ts';
import { authorise } from '../../../../src/commands/authorise.ts';
import type { Capabilities, CapabilityName } from '../../../../src/commands/capabilities.ts';
import type { Context, Plan, Settled, Step, StepInput } from '../../../../src/commands/command.ts';
import { tokenCommands } from '../../../../src/commands/nouns/token.ts';
import { userCommands } from '../../../../src/commands/nouns/user.ts';
import type { AnyInput, Invocation } from '../../../../src/commands/parse/invocation.ts';
import { parseLine } from '../../../../src/commands/parse/parse.ts';
import { createPermissions } from '../../../../src/commands/permissions.ts';
import { createRegistry } from '../../../../src/commands/registry.ts';
import { parseUserId, type Localpart } from '../../../../src/core/ids.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import type { Secret } from '../../../../src/core/secret.ts';
import { LogDesk } from '../../../../src/ops/logs/log-desk.ts';
import { noGauges } from '../../../../src/ops/gauges/no-gauges.ts';
import { nowhereToBundle } from '../dispatch/cluster-parts.ts';
import { noCluster } from '../../../../src/ops/stack/no-cluster.ts';
import { pieces } from '../../../../src/core/words/translate.ts';
import type { Text } from '../../../../src/core/text.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { createSealedSecrets } from '../../../../src/platform/store/sealed-secrets.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { createTokenNotes } from '../../../../src/platform/store/token-notes.ts';
import { testMasterKey } from '../../platform/store/state-folder.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { nodesOf } from './read.ts';

/** What is played on a stage: a home server, and who is on the list. */
export interface Scenery {
  readonly users: Capabilities['users'];
  readonly registrationTokens: Capabilities['registrationTokens'];
  readonly clock: Clock;
  readonly serverName: string;
  /** Localparts of people with a role. */
  readonly roles?: Readonly<Record<string, Role>>;
}

/** A command that ran to its end. */
export interface Played {
  readonly plan: Plan;
  readonly done: JsonObject;
  readonly report: readonly ReportNode[];
}

/** A command whose process died in a step. */
export interface Crashed {
  readonly done: JsonObject;
  settle(): Promise<Settled>;
  /** Goes on as after a restart: what is done counts, what is not runs, what is unknown throws. */
  resume(): Promise<Played>;
}

/** The real commands, parser, permissions and store, run by hand one step at a time. */
export interface Stage {
  as(rank: Rank): Stage;
  read(line: string): Promise<readonly ReportNode[]>;
  plan(line: string): Promise<Plan>;
  /** `between` happens after the plan and before the first step. */
  run(line: string, between?: () => Promise<unknown>): Promise<Played>;
  /** Dies in `step`: with its effect done and the result lost, or before it began. */
  crash(line: string, step: string, when: 'before' | 'after'): Promise<Crashed>;
  /** What `sudo urtc secret show` prints for the code that these results hold. */
  open(done: JsonObject): Secret<string>;
}

const registry = createRegistry([...userCommands, ...tokenCommands]);
const sealResult = z.object({ seal: z.looseObject({ code: z.string() }) });

const unused = (): never => {
  throw new Error('nothing on this stage uses that');
};
const absent = {
  registry,
  audit: { list: unused, verify: unused, verifyFile: unused, anchors: null },
  jobs: { list: unused, find: unused, assertCancellable: unused, cancel: unused },
  speech: { progress: unused, tell: unused, isSealed: false },
  errors: { record: unused, find: unused, latest: unused },
  health: { snapshot: unused },
  botIdentity: {
    ...{ snapshot: unused, people: unused, person: unused, approve: unused },
    ...{ showRecoveryKey: unused, verification: null },
    ...{ recoveryKeyMadeAt: unused, replaceRecoveryKey: unused },
  },
  config: { isRunning: true, redacted: unused, reload: unused },
  kubernetes: noCluster,
  bundles: nowhereToBundle,
  gauges: noGauges,
  scales: { all: unused, find: unused, put: unused, remove: unused },
  healing: { snapshot: unused, pause: unused, resume: unused },
  logs: new LogDesk({ prepare: unused, apply: unused }),
  machine: { ownFiles: unused, helmVersion: unused },
};

/** All text of some nodes, in English, one string. */
export function textOf(nodes: readonly ReportNode[]): string {
  const text = (value: Text): string =>
    pieces(value, 'en')
      .map((piece) => piece.text)
      .join('');
  return nodes
    .map((node) => {
      if (node.type === 'fields') return node.fields.map((each) => text(each.value)).join(' · ');
      if (node.type === 'table')
        return node.rows.map((row) => row.map(text).join(' · ')).join('\n');
      return 'text' in node ? text(node.text) : node.type;
    })
    .join('\n');
}

/** The value of a field in some nodes. */
export function field(nodes: readonly ReportNode[], id: string): Text | undefined {
  const fields = nodes.flatMap((node) => (node.type === 'fields' ? node.fields : []));
  return fields.find((each) => each.id === id)?.value;
}

/** Sets a stage; call it inside a test. */
export function setStage(scenery: Scenery, rank: Rank = 'admin'): Stage {
  const { users, registrationTokens, clock, serverName, roles = {} } = scenery;
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const key = testMasterKey();
  const botUser = parseUserId(`@urtc:${serverName}`);
  const roleOfAccount = (localpart: Localpart) => roles[localpart] ?? null;
  const people: Capabilities['people'] = {
    roleOfAccount,
    roleOf: unused,
    adminCount: () => Object.values(roles).filter((role) => role === 'admin').length,
    list: unused,
    languageOf: () => 'en',
    setLanguage: unused,
  };
  const capabilities: Capabilities = {
    ...{ ...absent, clock, people, users, registrationTokens },
    tokenNotes: createTokenNotes(database, key),
    sealedSecrets: createSealedSecrets(database, key, clock),
    alerts: silentAlerts(database, clock),
    notify: noChannels(clock),
    identity: { version: '0', botUser, serverName },
  };
  const permissions = createPermissions({
    ...{ overrides: () => new Map(), people, users, botUser, serverName },
  });
  return stageFor(rank);

  function stageFor(actorRank: Rank): Stage {
    const actor: Actor =
      actorRank === 'owner'
        ? { kind: 'local', login: 'root', rank: 'owner' }
        : { kind: 'person', user: parseUserId(`@me:${serverName}`), rank: actorRank };
    const { signal } = new AbortController();

    function contextOf({ command }: Invocation): Context<CapabilityName> {
      const context = { ...capabilities, actor, language: 'en', surface: 'room', signal } as const;
      const named = new Set<string>(command.uses);
      // As the jobs do: what a command does not name is not there.
      for (const name of Object.keys(capabilities)) {
        if (!named.has(name)) Reflect.deleteProperty(context, name);
      }
      return context;
    }
    async function enter(line: string): Promise<Invocation> {
      const invocation = parseLine(registry, `!${line}`);
      authorise(invocation.command, actor, 'room');
      await permissions.guard(invocation, actor, signal);
      return invocation;
    }
    function changeOf({ command }: Invocation) {
      if (command.effect === 'read') throw new Error(`${command.words.join(' ')} is a read`);
      return command;
    }
    interface Running {
      readonly invocation: Invocation;
      readonly plan: Plan;
      readonly done: Record<string, JsonObject>;
    }
    async function begin(line: string): Promise<Running> {
      const invocation = await enter(line);
      const plan = await changeOf(invocation).plan(contextOf(invocation), invocation.input);
      return { invocation, plan: { ...plan, facts: stored(plan.facts) }, done: {} };
    }
    const given = ({ invocation, plan, done }: Running): StepInput<AnyInput> => ({
      ...{ input: invocation.input, facts: plan.facts, done: { ...done } },
    });
    const runStep = async (running: Running, step: Step<AnyInput, CapabilityName>) =>
      stored(await step.run(contextOf(running.invocation), given(running)));
    async function finish(running: Running): Promise<Played> {
      const command = changeOf(running.invocation);
      for (const step of command.steps) {
        if (step.applies?.(running.invocation.input) === false) continue;
        running.done[step.name] ??= await runStep(running, step);
        step.completed?.(contextOf(running.invocation), given(running));
      }
      const { plan, done } = running;
      return { plan, done, report: command.report(given(running)) };
    }
    return {
      as: stageFor,
      plan: async (line) => (await begin(line)).plan,
      read: async (line) => {
        const invocation = await enter(line);
        if (invocation.command.effect !== 'read') throw new Error(`${line} is a change`);
        return nodesOf(invocation.command.run(contextOf(invocation), invocation.input));
      },
      run: async (line, between) => {
        const running = await begin(line);
        await between?.();
        return finish(running);
      },
      crash: async (line, name, when) => {
        const running = await begin(line);
        const { steps } = changeOf(running.invocation);
        const at = steps.findIndex((step) => step.name === name);
        const step = steps[at];
        if (step === undefined) throw new Error(`${line} has no step ${name}`);
        for (const before of steps.slice(0, at)) {
          running.done[before.name] = await runStep(running, before);
        }
        if (when === 'after') await runStep(running, step);
        const settle = () => step.settle(contextOf(running.invocation), given(running));
        const resume = async () => {
          const settled = await settle();
          if (settled.state === 'unknown') throw new Error(`${name} is unknown`);
          if (settled.state === 'done') running.done[name] = settled.result;
          return finish(running);
        };
        return { done: running.done, settle, resume };
      },
      open: (done) => capabilities.sealedSecrets.open(sealResult.parse(done).seal.code).secret,
    };
  }
}

/** As a value is after the store has had it: plain JSON. */
function stored(value: JsonObject): JsonObject {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}
