/** What a test writes on a pod or node, and the stages below look at. */
export const notes = {
  behaviour: 'lab.urtc.io/behaviour',
  container: 'lab.urtc.io/container',
  every: 'lab.urtc.io/every',
  node: 'lab.urtc.io/node',
} as const;

/** A condition on an object: `key` is a jq expression. Source: kwok's Stage API, v1alpha1. */
export interface Match {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** One thing that happens to objects that match. Of several that match one is taken by chance. */
export interface Stage {
  readonly name: string;
  readonly kind: 'Pod' | 'Node' | 'PersistentVolume' | 'PersistentVolumeClaim';
  readonly when: readonly Match[];
  /** In milliseconds; `from` is a jq expression that gives a duration such as `2s`. */
  readonly delay?: { readonly ms: number; readonly from?: string };
  readonly event?: {
    readonly type: 'Normal' | 'Warning';
    readonly reason: string;
    readonly message: string;
  };
  /** Go template of the new status, merged into the old one. */
  readonly status?: string;
  /** Go templates of objects that are made, before the status. */
  readonly objects?: readonly string[];
  /** Go template of new fields under `spec` or `metadata`. */
  readonly patches?: readonly { readonly root: 'spec' | 'metadata'; readonly template: string }[];
  readonly delete?: boolean;
}

/** The resource that kwok's config wants. */
export const stageResource = (stage: Stage): unknown => {
  const { delay, event } = stage;
  const steps = [
    ...(stage.objects ?? []).map((template) => ({ apply: { template } })),
    ...(event === undefined ? [] : [{ event }]),
    ...(stage.patches ?? []).map((patch) => ({ patch: { ...patch, type: 'merge' } })),
    ...(stage.status === undefined
      ? []
      : [
          {
            patch: {
              ...{ root: 'status', subresource: 'status', type: 'strategic' },
              template: stage.status,
            },
          },
        ]),
    ...(stage.delete === true ? [{ delete: true }] : []),
  ];
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: stage.name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: stage.kind },
      selector: { matchExpressions: stage.when },
      ...(delay === undefined
        ? {}
        : {
            delay: {
              durationMilliseconds: delay.ms,
              ...(delay.from === undefined ? {} : { durationFrom: { expressionFrom: delay.from } }),
            },
          }),
      steps,
    },
  };
};

/** The jq expression of an annotation. */
export const noteKey = (name: string): string => `.metadata.annotations["${name}"]`;

/** The jq expression of a condition's status. */
export const conditionKey = (type: string): string =>
  `.status.conditions.[] | select( .type == "${type}" ) | .status`;

export const isNotGoing: Match = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
export const isGoing: Match = { key: '.metadata.deletionTimestamp', operator: 'Exists' };
