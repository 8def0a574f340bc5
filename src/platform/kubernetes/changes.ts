import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { ApiClient, ApiRequest } from './http/api-client.ts';
import type { Target } from './http/target.ts';
import { restartedAt } from './kinds/workload.ts';
import type { ObjectRef, WorkloadRef } from './objects.ts';
import type { AppliedObject, ChangeOptions, Scale } from './port.ts';

/** Under this name the API server remembers which fields are ours. */
export const fieldManager = 'urtc';

const anything = z.looseObject({});

const scaleSchema = z.object({
  spec: z.object({ replicas: z.number().default(0) }).prefault({}),
  status: z.object({ replicas: z.number().default(0) }).prefault({}),
});

const managedSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    managedFields: z
      .array(
        z.looseObject({ manager: z.string().default(''), subresource: z.string().default('') }),
      )
      .default([]),
  }),
});

function targetOf({ kind, namespace, name }: WorkloadRef): Target {
  const resource = kind === 'Deployment' ? 'deployments' : 'statefulsets';
  return { group: 'apps', version: 'v1', resource, namespace, name };
}

/** Resource of a kind by the API's own rule (apimachinery, UnsafeGuessKindToResource). */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('s')) return `${name}es`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}

const merge = 'application/merge-patch+json';
/** JSON is YAML. */
const applied = 'application/apply-patch+yaml';

/** How often {@link Changes.releaseReplicas} is tried. */
const mostReleases = 6;

/** What changes the cluster. Every request names our field manager. */
export class Changes {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** A merge patch, because an apply of a workload that is gone would try to make one. */
  async restart(workload: WorkloadRef, at: number, options: ChangeOptions = {}): Promise<void> {
    const annotations = { [restartedAt]: new Date(at).toISOString() };
    await this.#send(options, {
      method: 'PATCH',
      verb: 'patch',
      target: targetOf(workload),
      contentType: merge,
      body: { spec: { template: { metadata: { annotations } } } },
    });
  }

  async readScale(workload: WorkloadRef, signal?: AbortSignal): Promise<Scale> {
    const target = { ...targetOf(workload), subresource: 'scale' };
    const { spec, status } = await this.#client.ask(scaleSchema, {
      ...{ method: 'GET', verb: 'get', target, signal },
    });
    return { wanted: spec.replicas, now: status.replicas };
  }

  /**
   * Applied, not patched: of a number that nobody owns, as it is after {@link releaseReplicas}, the
   * API server writes down no owner for a patch (its "skip non-applied" rule), and the next
   * `helm upgrade` would undo it without a word instead of meeting a conflict.
   */
  async scale(workload: WorkloadRef, replicas: number, options: ChangeOptions = {}): Promise<void> {
    const { namespace, name } = workload;
    await this.#send(options, {
      method: 'PATCH',
      verb: 'patch',
      target: { ...targetOf(workload), subresource: 'scale' },
      // Helm owns it as a rule.
      query: { force: 'true' },
      contentType: applied,
      body: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name, namespace },
        spec: { replicas },
      },
    });
  }

  /**
   * Takes our entries for the scale subresource out of the object's managed fields: values stay as
   * they are, only nobody holds them for us any more (server-side apply, "Clearing managedFields").
   * Controllers write the object's status all the while a rollout runs, so it is read and tried anew.
   */
  async releaseReplicas(workload: WorkloadRef, options: ChangeOptions = {}): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#dropScaleEntry(workload, options);
        return;
      } catch (error) {
        const isConflict = error instanceof AppError && error.code === 'E_KUBERNETES_CONFLICT';
        if (!isConflict || attempt === mostReleases) throw error;
      }
    }
  }

  async #dropScaleEntry(workload: WorkloadRef, options: ChangeOptions): Promise<void> {
    const target = targetOf(workload);
    const { metadata } = await this.#client.ask(managedSchema, {
      ...{ method: 'GET', verb: 'get', target, signal: options.signal },
    });
    const ours = metadata.managedFields.flatMap(({ manager, subresource }, index) =>
      manager === fieldManager && subresource === 'scale' ? [index] : [],
    );
    if (ours.length === 0) return;
    await this.#send(options, {
      method: 'PATCH',
      verb: 'patch',
      target,
      contentType: 'application/json-patch+json',
      body: [
        // Whoever changed it in between has moved the entries.
        { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
        // The last one first: each that goes moves those behind it.
        ...ours.toReversed().map((index) => ({
          ...{ op: 'remove', path: `/metadata/managedFields/${index}` },
        })),
      ],
    });
  }

  async deletePod(
    { namespace, name, uid }: ObjectRef & { readonly uid?: string },
    options: ChangeOptions = {},
  ): Promise<void> {
    await this.#send(options, {
      method: 'DELETE',
      verb: 'delete',
      target: { group: '', version: 'v1', resource: 'pods', namespace, name },
      body: {
        ...{ apiVersion: 'v1', kind: 'DeleteOptions' },
        ...(uid === undefined ? {} : { preconditions: { uid } }),
        ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
      },
    });
  }

  async apply(
    object: AppliedObject,
    options: ChangeOptions & { readonly force?: boolean } = {},
  ): Promise<void> {
    const [first = '', second] = object.apiVersion.split('/');
    const { name, namespace } = object.metadata;
    await this.#send(options, {
      method: 'PATCH',
      verb: 'patch',
      target: {
        group: second === undefined ? '' : first,
        version: second ?? first,
        ...{ resource: pluralOf(object.kind), namespace, name },
      },
      query: options.force === true ? { force: 'true' } : {},
      contentType: applied,
      body: object,
    });
  }

  async #send({ dryRun, signal }: ChangeOptions, request: ApiRequest): Promise<void> {
    const query = {
      ...request.query,
      ...(request.method === 'DELETE' ? {} : { fieldManager }),
      ...(dryRun === true ? { dryRun: 'All' } : {}),
    };
    try {
      await this.#client.ask(anything, { ...request, query, signal });
    } catch (error) {
      throw asConflict(error, request);
    }
  }
}

/** A failed `test` of a JSON patch is answered as 422, and is a conflict to us. */
function asConflict(error: unknown, { contentType, target }: ApiRequest): unknown {
  if (contentType !== 'application/json-patch+json' || !(error instanceof AppError)) return error;
  if (error.code !== 'E_KUBERNETES_INVALID') return error;
  const params = {
    what: `${target.resource} ${target.name ?? ''}`,
    reason: say('kubernetes.changed'),
  };
  return new AppError('E_KUBERNETES_CONFLICT', params, error);
}
