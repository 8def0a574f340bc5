import { z } from 'zod';
import { until } from '../wait.ts';
import { ApiFailure, type Api, type LabObject } from './api.ts';
import { behaviourMap, labNamespace } from './base-objects.ts';
import type { Behaviour } from './kwok/pod-stages.ts';
import { notes } from './kwok/stage.ts';
import { PodLog } from './pod-log.ts';
import { putPrograms } from './pod-programs.ts';
import { execInPod, type PodExecResult } from './pod-exec.ts';

/** Pods of a component of the chart, by namespace and `app.kubernetes.io/name`: `synapse-main`. */
export interface PodsOf {
  readonly namespace: string;
  readonly name: string;
}

/** How they behave. */
export interface BehaviourOptions {
  /** Which container. Default: the pod's first (`init-crash-loop`: its last init container). */
  readonly container?: string;
  /**
   * Milliseconds from one crash (default 5 s) or OOM kill (60 s) to the next; of `slow-start`, until
   * it is ready (10 s).
   */
  readonly everyMs?: number;
}

/** One container of one pod. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const container = z.looseObject({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number(),
  state: z.looseObject({ waiting: z.looseObject({ reason: z.string() }).exactOptional() }),
  lastState: z
    .looseObject({ terminated: z.looseObject({ reason: z.string() }).exactOptional() })
    .default({}),
});

const podShape = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().exactOptional(),
  }),
  status: z.looseObject({
    phase: z.string().default('Pending'),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    containerStatuses: z.array(container).default([]),
    initContainerStatuses: z.array(container).default([]),
  }),
});

/** A pod as the lab reads it. */
export type LabPod = z.output<typeof podShape>;

const hasCondition = (pod: LabPod, type: string, status: string): boolean =>
  pod.status.conditions.some((each) => each.type === type && each.status === status);

const waitsFor = (reason: string, statuses: LabPod['status']['containerStatuses']): boolean =>
  statuses.some(({ state }) => state.waiting?.reason === reason);

/** What a pod looks like once it behaves so. */
const shows: Readonly<Record<Behaviour, (pod: LabPod) => boolean>> = {
  healthy: (pod) => hasCondition(pod, 'Ready', 'True'),
  'crash-loop': ({ status }) => waitsFor('CrashLoopBackOff', status.containerStatuses),
  'init-crash-loop': ({ status }) => waitsFor('CrashLoopBackOff', status.initContainerStatuses),
  oom: ({ status }) =>
    status.containerStatuses.some(({ lastState }) => lastState.terminated?.reason === 'OOMKilled'),
  'not-ready': (pod) => pod.status.phase === 'Running' && hasCondition(pod, 'Ready', 'False'),
  'slow-start': (pod) => pod.status.phase === 'Running',
  'image-pull': ({ status }) => waitsFor('ImagePullBackOff', status.containerStatuses),
  pending: (pod) => hasCondition(pod, 'PodScheduled', 'False'),
};

/** What only a pod that starts can do: those that run are replaced. */
const isOfAStart = (behaviour: Behaviour): boolean =>
  ['init-crash-loop', 'slow-start', 'image-pull', 'pending'].includes(behaviour);

/** How long from one crash or kill to the next, or until a slow start is done. */
const usualMs: Readonly<Partial<Record<Behaviour, number>>> = {
  'crash-loop': 5000,
  'init-crash-loop': 5000,
  oom: 60_000,
  'slow-start': 10_000,
};

const mergePatch = 'application/merge-patch+json';

/** Changes what pods do. All waits are bounded to 60 s, then a LabError tells what did not happen. */
export class Pods {
  readonly #api: Api;
  readonly #folder: string;

  constructor(api: Api, folder: string) {
    this.#api = api;
    this.#folder = folder;
  }

  /** The pods that are there and are not being deleted. */
  async list({ namespace, name }: PodsOf): Promise<LabPod[]> {
    const selector = encodeURIComponent(`app.kubernetes.io/name=${name}`);
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`;
    const pods = (await this.#api.list(path)).map((pod) => podShape.parse(pod));
    return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  }

  /** The names of the pods that are there. */
  async names(of: PodsOf): Promise<string[]> {
    return (await this.list(of)).map((pod) => pod.metadata.name);
  }

  /**
   * Makes pods behave, those of now and those that come, until told otherwise; `healthy` makes them
   * well. Returns when it can be seen. A behaviour of the start (`pending`, `image-pull`,
   * `init-crash-loop`, `slow-start`) replaces the pods of now.
   */
  async behave(of: PodsOf, behaviour: Behaviour, options: BehaviourOptions = {}): Promise<void> {
    const { container: target = '', everyMs = usualMs[behaviour] ?? 1000 } = options;
    const every = `${everyMs}ms`;
    await this.#tellComing(of, [behaviour, target, every]);
    // Those that come from here on have heard of it.
    const before = await this.list(of);
    for (const { metadata, status } of before) {
      const isStuck = behaviour === 'healthy' && status.phase === 'Pending';
      const told =
        isOfAStart(behaviour) || isStuck
          ? this.remove(of.namespace, metadata.name)
          : this.#annotate(of.namespace, metadata.name, behaviour, target, every);
      await told.catch((error: unknown) => {
        // One that is gone since it was listed has a successor, which knows.
        if (!(error instanceof ApiFailure && error.status === 404)) throw error;
      });
    }
    const old = isOfAStart(behaviour) ? new Set(before.map(({ metadata }) => metadata.uid)) : null;
    await this.until(of, behaviour, (pods) => {
      const present = pods.filter(({ metadata }) => old?.has(metadata.uid) !== true);
      return present.length > 0 && present.every(shows[behaviour]);
    });
  }

  /** Waits until the pods look as told. */
  async until(of: PodsOf, what: string, look: (pods: LabPod[]) => boolean): Promise<void> {
    await until(
      `pods of ${of.namespace}/${of.name}: ${what}`,
      async () => (look(await this.list(of)) ? true : undefined),
      { timeoutMs: 60_000, everyMs: 50 },
    );
  }

  /** Deletes a pod at once. */
  async remove(namespace: string, pod: string): Promise<void> {
    await this.#api.send('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod}`, {
      body: { gracePeriodSeconds: 0 },
    });
  }

  /** How much a pod uses from now on, as metrics.k8s.io will tell: `{ cpu: '250m', memory: '1Gi' }`. */
  async uses(
    { namespace, pod }: Omit<ContainerRef, 'container'>,
    usage: { readonly cpu: string; readonly memory: string },
  ): Promise<void> {
    await this.#note(namespace, pod, {
      'kwok.x-k8s.io/usage-cpu': usage.cpu,
      'kwok.x-k8s.io/usage-memory': usage.memory,
    });
  }

  /** Gives a container a log of its own, empty at first. */
  log(ref: ContainerRef): Promise<PodLog> {
    return PodLog.open(this.#api, this.#folder, ref);
  }

  /** Gives a container programs of its own: shell scripts by name, instead of what stands there. */
  programs(ref: ContainerRef, scripts: Readonly<Record<string, string>>): Promise<void> {
    return putPrograms(this.#api, this.#folder, ref, scripts);
  }

  /** Runs a command in a container, as somebody else than the product would. */
  exec(ref: ContainerRef, command: readonly string[], stdin?: string): Promise<PodExecResult> {
    return execInPod(this.#api, ref, command, stdin);
  }

  /** Lets a pod's port lead to one on loopback, for port-forwards. */
  async forward(
    { namespace, pod }: Omit<ContainerRef, 'container'>,
    port: number,
    toPort: number,
  ): Promise<void> {
    const forward: LabObject = {
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'PortForward',
      metadata: { name: pod, namespace },
      spec: { forwards: [{ ports: [port], target: { address: '127.0.0.1', port: toPort } }] },
    };
    await this.#api.apply(forward);
  }

  /** Not before the API server's admission has read it: a pod may be made the next moment. */
  async #tellComing({ namespace, name }: PodsOf, told: readonly string[]): Promise<void> {
    const data = { [`${namespace}.${name}`]: told.join('/') };
    const path = `/api/v1/namespaces/${labNamespace}/configmaps/${behaviourMap}`;
    await this.#api.send('PATCH', path, { type: mergePatch, body: { data } });
    const probe = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'probe-', labels: { 'app.kubernetes.io/name': name } },
      spec: { containers: [{ name: 'probe', image: 'probe' }] },
    };
    const pods = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    await until(
      'the admission of behaviours',
      async () => {
        const made = podShape.parse(await this.#api.send('POST', pods, { body: probe }));
        const { annotations } = made.metadata;
        const seen = [notes.behaviour, notes.container, notes.every].map((key) => annotations[key]);
        return seen.join('/') === told.join('/') ? true : undefined;
      },
      { timeoutMs: 30_000 },
    );
  }

  async #annotate(
    namespace: string,
    pod: string,
    behaviour: Behaviour,
    target: string,
    every: string,
  ): Promise<void> {
    await this.#note(namespace, pod, {
      [notes.behaviour]: behaviour,
      [notes.container]: target,
      [notes.every]: every,
    });
  }

  async #note(
    namespace: string,
    pod: string,
    annotations: Readonly<Record<string, string>>,
  ): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
    await this.#api.send('PATCH', path, { type: mergePatch, body: { metadata: { annotations } } });
  }
}
