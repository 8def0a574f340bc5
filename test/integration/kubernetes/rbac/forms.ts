import type { LiveWorkload } from './deeds.ts';
import { patchTypes } from './identity.ts';

/** One way to say a change to the API server. */
export interface Form {
  readonly name: keyof typeof patchTypes | 'put';
  readonly method: 'PATCH' | 'PUT';
  readonly type: string;
  /** To be put behind the object's path. */
  readonly query: string;
  readonly body: (before: LiveWorkload, after: LiveWorkload) => unknown;
}

/** What the server itself writes into an object, which nobody sends. */
const written = (metadata: LiveWorkload['metadata']): Record<string, unknown> => {
  const { managedFields, uid, resourceVersion, creationTimestamp, generation, ...rest } = metadata;
  const left = [managedFields, uid, resourceVersion, creationTimestamp, generation];
  if (left.some((each) => each === undefined)) throw new Error('that is not an object of a server');
  return rest;
};

const whole = ({ metadata, spec }: LiveWorkload): unknown => ({
  metadata: written(metadata),
  spec,
});

/** All ways. The two merges and the apply say the whole object, with the change in it. */
export const forms: readonly Form[] = [
  {
    name: 'json',
    method: 'PATCH',
    type: patchTypes.json,
    query: '',
    body: (before, after) => [
      { op: 'replace', path: '/spec', value: after.spec },
      { op: 'replace', path: '/metadata', value: { ...before.metadata, ...after.metadata } },
    ],
  },
  {
    name: 'merge',
    method: 'PATCH',
    type: patchTypes.merge,
    query: '',
    body: (_, after) => whole(after),
  },
  {
    name: 'strategic',
    method: 'PATCH',
    type: patchTypes.strategic,
    query: '',
    body: (_, after) => whole(after),
  },
  {
    name: 'apply',
    method: 'PATCH',
    type: patchTypes.apply,
    query: 'fieldManager=urtc&force=true',
    body: ({ apiVersion, kind }, { metadata, spec }) => ({
      apiVersion,
      kind,
      metadata: written(metadata),
      spec,
    }),
  },
  {
    name: 'put',
    method: 'PUT',
    type: 'application/json',
    query: '',
    body: (_, after) => after,
  },
];
