import { z } from 'zod';
import type { ContainerState, Pod, Terminated } from '../objects.ts';
import {
  conditionsSchema,
  containerSpecsSchema,
  countSchema,
  listOf,
  momentSchema,
  namespacedMetaSchema,
  textSchema,
  toNamespacedMeta,
} from './shared.ts';

const terminatedSchema = z
  .object({
    reason: textSchema,
    message: textSchema,
    exitCode: countSchema,
    signal: z.number().nullish(),
    startedAt: momentSchema,
    finishedAt: momentSchema,
  })
  .transform(({ signal, ...rest }): Terminated => ({
    is: 'terminated',
    ...rest,
    signal: signal ?? null,
  }));

const stateSchema = z
  .object({
    waiting: z.object({ reason: textSchema, message: textSchema }).nullish(),
    running: z.object({ startedAt: momentSchema }).nullish(),
    terminated: terminatedSchema.nullish(),
  })
  .prefault({});

/** "Only one of its members may be specified. If none of them is, the default one is waiting." */
function toState(state: z.output<typeof stateSchema>): ContainerState {
  if (state.terminated) return state.terminated;
  if (state.running) return { is: 'running', startedAt: state.running.startedAt };
  return {
    is: 'waiting',
    reason: state.waiting?.reason ?? null,
    message: state.waiting?.message ?? null,
  };
}

const statusesSchema = listOf(
  z
    .object({
      name: z.string(),
      image: z.string().default(''),
      ready: z.boolean().default(false),
      started: z.boolean().nullish(),
      restartCount: countSchema,
      state: stateSchema,
      lastState: stateSchema,
    })
    .transform((status) => {
      const state = toState(status.state);
      return {
        name: status.name,
        image: status.image,
        ready: status.ready,
        started: status.started ?? state.is === 'running',
        restarts: status.restartCount,
        state,
        last: status.lastState.terminated ?? null,
      };
    }),
);

const podAnswer = z.object({
  metadata: namespacedMetaSchema.extend({
    ownerReferences: listOf(
      z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }),
    ),
  }),
  spec: z.object({
    nodeName: textSchema,
    containers: containerSpecsSchema,
    volumes: listOf(
      z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() }),
    ),
  }),
  status: z
    .object({
      phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']).catch('Unknown'),
      reason: textSchema,
      message: textSchema,
      podIP: textSchema,
      startTime: momentSchema,
      conditions: conditionsSchema,
      containerStatuses: statusesSchema,
      initContainerStatuses: statusesSchema,
    })
    .prefault({ phase: 'Unknown' }),
});

/** A pod (API group core/v1). */
export const podSchema: z.ZodType<Pod> = podAnswer.transform(({ metadata, spec, status }): Pod => {
  const owner = metadata.ownerReferences.find((each) => each.controller);
  return {
    ...toNamespacedMeta(metadata),
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    ready: status.conditions.some((each) => each.type === 'Ready' && each.status === 'True'),
    conditions: status.conditions,
    specs: spec.containers,
    containers: status.containerStatuses,
    initContainers: status.initContainerStatuses,
    owner: owner === undefined ? null : { kind: owner.kind, name: owner.name },
    node: spec.nodeName,
    ip: status.podIP,
    startedAt: status.startTime,
    claims: spec.volumes.flatMap(({ persistentVolumeClaim: claim }) =>
      claim ? [claim.claimName] : [],
    ),
  };
});
