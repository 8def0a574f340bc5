import type { Namespace } from '../objects.ts';

/** What a request is about: an object, all of a kind, or an object's subresource. */
export interface Target {
  /** API group; empty for the core one. */
  readonly group: string;
  /** Empty for what is no object: `/version`. */
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
  /** Left out: of the whole cluster. */
  readonly namespace?: Namespace | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** A lone dot or two would be read as a step in the path, so dots are encoded, too. */
const encode = (part: string): string => encodeURIComponent(part).replaceAll('.', '%2E');

/** Path of a target from the API server's root on (Kubernetes API concepts, "Resource URIs"). */
export function pathOf(target: Target): string {
  const { group, version, resource, namespace, name, subresource } = target;
  // The API server's own version is no object of any group.
  if (version === '') return `/${resource}`;
  const root = group === '' ? ['api'] : ['apis', group];
  const place = namespace === undefined ? [] : ['namespaces', namespace];
  const rest = [name, subresource].filter((part) => part !== undefined);
  // Groups and kinds are ours and have dots that no path may lack.
  return `/${[...root, version, ...place.map(encode), resource, ...rest.map(encode)].join('/')}`;
}

/** As a role names it: `pods/exec`. */
export function resourceOf({ resource, subresource }: Target): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

/** As people name it: `pods ess-postgres-0`. */
export function describe({ resource, name }: Target): string {
  return name === undefined ? resource : `${resource} ${name}`;
}
