import { onTestFinished } from 'vitest';
import { Healer, type HealingSettings } from '../../../../src/ops/healing/healer.ts';
import { createHealingDesk } from '../../../../src/ops/healing/healing-desk.ts';
import { healingNotes } from '../../../../src/ops/healing/notes.ts';
import { readStack } from '../../../../src/ops/stack/stack.ts';
import { judgeStack } from '../../../../src/ops/stack/state.ts';
import type { ContainerStatus, Pod } from '../../../../src/platform/kubernetes/port.ts';
import type { AuditDraft } from '../../../../src/platform/store/audit-entry.ts';
import { createHealingMemory } from '../../../../src/platform/store/healing.ts';
import type { Incident } from '../../../../src/platform/store/incidents.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { fakeNow, type FakeCluster } from '../../../fakes/cluster.ts';
import { fakeStatus } from '../../../fakes/objects.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { FakeClock } from '../../commands/dispatch/fake-clock.ts';
import { silentLog } from '../../commands/dispatch/world.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

/** ms. */
export const minute = 60_000;

const ended = (finishedAt: number, exitCode: number) => ({
  ...({ is: 'terminated', reason: 'Error', exitCode, finishedAt } as const),
  ...{ message: null, signal: null, startedAt: finishedAt - 1000 },
});

/** The one pod of a component, by a part of its name. */
export function podOf(cluster: FakeCluster, name: string): Pod {
  const pod = cluster.view.list('Pod').value.find((each) => each.name.includes(name));
  if (pod === undefined) throw new Error(`no pod ${name}`);
  return pod;
}

/** A healer over a real store and a release in memory; time stands still until a test moves it. */
export function healerStage(options: { readonly workers?: readonly string[] } = {}) {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ ...options, now: () => clock.now() });
  const folder = tempFolder();
  let database = stateIn(folder);
  onTestFinished(() => database.close());
  const audited: AuditDraft[] = [];
  const retold: string[] = [];
  const stops: string[] = [];
  const held = { by: null as 'command' | null, taken: 0 };
  const settings: { -readonly [Key in keyof HealingSettings]: HealingSettings[Key] } = {
    enabled: true,
    afterMs: 2 * minute,
  };
  const make = () =>
    new Healer({
      ...{ cluster, clock, log: silentLog, memory: createHealingMemory(database) },
      settings: () => settings,
      hold: () => {
        if (held.by !== null) return null;
        held.taken += 1;
        return () => {
          held.taken -= 1;
        };
      },
      transaction: (work) => database.transaction(work),
      audit: { append: (draft) => audited.push(draft) },
      retell: (identity) => retold.push(identity),
      announceStop: ({ component }) => stops.push(component),
    });
  let healer = make();
  const state = { isDiskFull: false };
  const look = (): Promise<void> =>
    healer.look(
      judgeStack(readStack(cluster), clock.now()),
      state.isDiskFull,
      new AbortController().signal,
    );
  const change = (name: string, with_: (pod: Pod) => Partial<Pod>): void => {
    const pod = podOf(cluster, name);
    cluster.view.put('Pod', { ...pod, ...with_(pod) });
  };
  const containers = (name: string, status: Partial<ContainerStatus>, ready: boolean): void =>
    change(name, ({ containers: all }) => ({
      ready,
      containers: all.map((each, index) =>
        index === 0 ? fakeStatus(each.name, { ready, ...status }) : each,
      ),
    }));
  return {
    ...{ clock, cluster, settings, audited, retold, stops, held, state, look, change, containers },
    memory: () => createHealingMemory(database),
    desk: () =>
      createHealingDesk({
        memory: createHealingMemory(database),
        isOn: () => settings.enabled,
        transaction: (work) => database.transaction(work),
      }),
    /** Time passes, with a look now and then. */
    async pass(ms: number, everyMs = 15_000): Promise<void> {
      for (let at = 0; at < ms; at += everyMs) {
        await clock.advance(everyMs);
        await look();
      }
    },
    crash: (name: string, exitCode = 1): void =>
      containers(
        name,
        {
          restarts: 5,
          state: { is: 'waiting', reason: 'CrashLoopBackOff', message: null },
          last: ended(clock.now(), exitCode),
        },
        false,
      ),
    /** The controller makes the pod anew, and the new one crashes from its start. */
    comesBackBroken: (pod: Pod, uid: string): void =>
      cluster.view.put('Pod', {
        ...pod,
        ...{ uid, createdAt: clock.now(), startedAt: clock.now() },
        conditions: pod.conditions.map((each) => ({ ...each, since: clock.now() })),
      }),
    /** Ends without a word, and begins again with what is on the disk. */
    restartBot: (): void => {
      database.close();
      database = stateIn(folder);
      healer = make();
    },
    /** What was asked of the cluster. */
    acts: () => cluster.calls.map(({ method, what }) => ({ method, what })),
    /** What the message of a trouble says of it, in English, without the moments. */
    notes: (identity: string): readonly string[] => {
      const incident: Incident = {
        ...{ identity, message: '1', level: 'broken', said: null },
        ...{ openedAt: fakeNow, seenAt: fakeNow, healedAt: null, returns: 0 },
      };
      return healingNotes(createHealingMemory(database), incident).map((text) =>
        translate(text, 'en').replace(/^\d.+?(?=self-healing)/, ''),
      );
    },
  };
}
