import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { AuditDraft } from '../../platform/store/audit-entry.ts';
import type { HealingAction, HealingLeft, HealingMemory } from '../../platform/store/healing.ts';
import { isRestartedSince } from '../restart/rollout.ts';
import { workloadKey, workloadOf } from '../scale/workload-key.ts';
import type { Component } from '../stack/stack.ts';
import type { StackState } from '../stack/state.ts';
import {
  ladderLimits,
  nextOnLadder,
  type Decision,
  type LeaveReason,
  type Rung,
} from './ladder.ts';
import { notDone } from './notes.ts';
import { foundations, neverByItself } from './protected.ts';
import { curableTroubles, isGroundShaking, type Trouble } from './trouble.ts';

/** What the config says of self-healing. */
export interface HealingSettings {
  readonly enabled: boolean;
  /** How long a trouble must last before anything is done, ms. */
  readonly afterMs: number;
}

/** What self-healing works with. */
export interface HealerParts {
  readonly cluster: Pick<Kubernetes, 'namespace' | 'deletePod' | 'restart'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly memory: HealingMemory;
  readonly settings: () => HealingSettings;
  /** Takes what commands on the release hold while they run; null: one of them holds it. */
  readonly hold: () => (() => void) | null;
  /** Runs `work` as one transaction; what the other parts do in it belongs to it. */
  readonly transaction: (work: () => void) => void;
  readonly audit: { append(draft: AuditDraft): void };
  /** Tells in the room what became of a trouble: its message is made anew. */
  readonly retell: (identity: string) => void;
  /** The ladder has come to its end: that needs a person. */
  readonly announceStop: (left: HealingLeft) => void;
}

/** What was begun and not ended within this time is not tried again, ms. */
const unfinishedMs = 2 * 60_000;

/** Under which name it stands in the audit log. */
const self = 'urtc';

/**
 * Restarts what a restart can cure, by the {@link nextOnLadder ladder}. Everything is written down
 * before it is done, and every action can be done twice without doing more: a pod is deleted by its
 * uid, a workload's restart bears the moment of the decision. So an end of the bot in between repeats
 * nothing.
 */
export class Healer {
  readonly #parts: HealerParts;
  /** Since when a trouble is seen without a break. A restart of the bot begins anew: it only waits longer. */
  #since: ReadonlyMap<string, number> = new Map();

  constructor(parts: HealerParts) {
    this.#parts = parts;
  }

  /**
   * Looks at a release that is known to be as it is now, and does at most one thing. Throws what the
   * store throws (then nothing was done), and the signal's reason.
   */
  async look(state: StackState, isDiskFull: boolean, signal: AbortSignal): Promise<void> {
    const { clock, memory, settings } = this.#parts;
    const now = clock.now();
    if (!settings().enabled || memory.word('pause') !== null) {
      this.#since = new Map();
      return;
    }
    const troubles = curableTroubles(state);
    this.#since = new Map(
      troubles.map(({ identity }) => [identity, this.#since.get(identity) ?? now]),
    );
    this.#tidy(troubles);
    if (isDiskFull || isGroundShaking(state)) return;
    if (await this.#finishBegun(state, troubles, now, signal)) return;
    for (const trouble of troubles) {
      if (waitsForOthers(trouble, state)) continue;
      const decision = this.#decide(trouble, now);
      if (decision.is === 'leave') this.#leave(trouble, decision.why, now);
      if (decision.is === 'act' && (await this.#act(trouble, decision.rung, now, signal))) return;
    }
  }

  #decide({ identity, component, workedBefore }: Trouble, now: number): Decision {
    const { memory, settings } = this.#parts;
    const { kind, workload } = component;
    const restarted = workload.restartedAt === null ? NaN : Date.parse(workload.restartedAt);
    return nextOnLadder({
      identity,
      since: this.#since.get(identity) ?? now,
      isProtected: neverByItself.has(kind.key),
      isStopped: memory.left().some((each) => each.component === kind.key && each.why === 'repeat'),
      workedBefore,
      revision: workload.revision,
      restartedAt: Number.isNaN(restarted) ? null : restarted,
      taken: memory
        .actions()
        .filter((each) => each.component === kind.key)
        .map(({ state, ...each }) => ({ ...each, done: state === 'done' })),
      resumedAt: memory.word('resume')?.at ?? null,
      afterMs: settings().afterMs,
      now,
    });
  }

  /** Whether it was done, or at least begun. False: a command holds the release. */
  async #act(
    { identity, component, pod }: Trouble,
    rung: Rung,
    at: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { memory, audit, transaction } = this.#parts;
    return this.#holding(async () => {
      const { kind, workload } = component;
      const begun: HealingAction[] = [];
      transaction(() => {
        const action = memory.begin({
          ...{ at, identity, rung, component: kind.key, revision: workload.revision },
          ...{ workload: workloadKey(workload), pod: pod.name, uid: pod.uid },
        });
        memory.takeUp(identity);
        memory.forgetBefore(at - 2 * ladderLimits.memoryMs);
        audit.append(auditOf(action, at, 'allowed', 'begun'));
        begun[0] = action;
      });
      for (const action of begun) await this.#carryOut(action, signal);
    });
  }

  /** What a bot that ended in between has left, or an API server that did not answer. */
  async #finishBegun(
    { components }: StackState,
    troubles: readonly Trouble[],
    now: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const open = this.#parts.memory.actions().filter(({ state }) => state === 'begun');
    for (const action of open) {
      const found = components.find(({ component }) => component.kind.key === action.component);
      const isWanted =
        troubles.some(({ identity }) => identity === action.identity) &&
        Math.abs(now - action.at) < unfinishedMs;
      if (found !== undefined && wasDone(action, found.component)) this.#end(action, 'done', null);
      else if (!isWanted) this.#end(action, 'failed', notDone);
      else await this.#holding(() => this.#carryOut(action, signal));
    }
    return open.length > 0;
  }

  async #holding(work: () => Promise<void>): Promise<boolean> {
    const release = this.#parts.hold();
    if (release === null) return false;
    try {
      await work();
    } finally {
      release();
    }
    return true;
  }

  async #carryOut(action: HealingAction, signal: AbortSignal): Promise<void> {
    const { cluster, log } = this.#parts;
    const { rung, pod: name, uid, workload, at, component } = action;
    try {
      if (rung === 'workload') await cluster.restart(workloadOf(workload), at, { signal });
      else await cluster.deletePod({ namespace: cluster.namespace, name, uid }, { signal });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error, component, rung }, 'self-healing could not act');
      // Nobody knows whether it was done: the next look does the same again.
      if (error.code === 'E_KUBERNETES_UNREACHABLE') return;
      const isGone = rung === 'pod' && goneCodes.has(error.code);
      this.#end(action, isGone ? 'done' : 'failed', isGone ? null : error.code);
      return;
    }
    log.info({ component, rung, pod: name }, 'self-healing has acted');
    this.#end(action, 'done', null);
  }

  #end(action: HealingAction, state: 'done' | 'failed', code: string | null): void {
    const { memory, audit, clock, transaction, retell } = this.#parts;
    transaction(() => {
      memory.end(action.id, state, code);
      audit.append(auditOf(action, clock.now(), 'finished', code ?? 'ok'));
      retell(action.identity);
    });
  }

  /** Says once why a trouble is left to people. */
  #leave({ identity, component }: Trouble, why: LeaveReason, at: number): void {
    const { memory, audit, transaction, retell, announceStop } = this.#parts;
    if (memory.left().some((each) => each.identity === identity && each.why === why)) return;
    const left = { identity, component: component.kind.key, why, at };
    transaction(() => {
      memory.leave(left);
      retell(identity);
      if (why !== 'repeat') return;
      const line = `healing stop ${left.component} (${identity})`;
      audit.append({ ...bySelf, at, line, decision: 'refused', result: 'repeat' });
      announceStop(left);
    });
  }

  /** Forgets what is of no use any more; that somebody has to look at a stop stays. */
  #tidy(troubles: readonly Trouble[]): void {
    const { memory } = this.#parts;
    const present = new Set(troubles.map(({ identity }) => identity));
    for (const { identity, why } of memory.left()) {
      if (why !== 'repeat' && !present.has(identity)) memory.takeUp(identity);
    }
  }
}

/** Whether the cluster shows that it was done: the pod of then is gone, the restart of then is written. */
function wasDone({ rung, uid, at }: HealingAction, { pods, workload }: Component): boolean {
  if (rung === 'workload') return isRestartedSince(workload, at);
  return !pods.some((each) => each.uid === uid && each.deletingSince === null);
}

/** The pod of then is gone, or another one has its name: what was wanted. */
const goneCodes: ReadonlySet<string> = new Set(['E_KUBERNETES_NOT_FOUND', 'E_KUBERNETES_CONFLICT']);

const bySelf = { actor: self, event: null, job: null, durationMs: null } as const;

function auditOf(
  { rung, workload, pod }: HealingAction,
  at: number,
  decision: 'allowed' | 'finished',
  result: string,
): AuditDraft {
  const { kind, name } = workloadOf(workload);
  const line = rung === 'pod' ? `healing restart pod ${pod}` : `healing restart ${kind} ${name}`;
  return { ...bySelf, at, line, decision, result };
}

/** Whether something that others need is broken: then only that can be the cure. */
function waitsForOthers({ component }: Trouble, { components }: StackState): boolean {
  return components.some(
    ({ component: { kind }, level }) =>
      level === 'broken' &&
      foundations.has(kind.key) &&
      kind.startOrder < component.kind.startOrder,
  );
}
