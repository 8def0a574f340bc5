import { AppError } from '../../../core/errors.ts';
import { say, type Text } from '../../../core/text.ts';
import { describe, resourceOf, type Target } from './target.ts';
import type { Status } from './status.ts';

/** Verb of a rule of RBAC. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** Longest text of the API server that is passed on to a person, in characters. */
const longestReason = 400;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Failures of TLS, by OpenSSL's and Node's names: the certificate is not the expected one. */
const ofCertificate = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL/;

function reasonOf(error: unknown): Text {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return say('kubernetes.refused');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('kubernetes.unknownHost');
  if (ofCertificate.test(code)) return say('kubernetes.certificate', { detail: code });
  const name = error instanceof Error ? error.name : 'error';
  return say('kubernetes.broken', { detail: code === '' ? name : code });
}

/** A request that got no answer. */
export function unreachable(url: string, error: unknown): AppError {
  return new AppError('E_KUBERNETES_UNREACHABLE', { url, reason: reasonOf(error) }, error);
}

/** No answer, for a reason of ours. */
export function unreachableFor(url: string, reason: Text): AppError {
  return new AppError('E_KUBERNETES_UNREACHABLE', { url, reason });
}

/** An answer that can't be used. */
export function badAnswer(status: number, reason: Text, cause?: unknown): AppError {
  return new AppError('E_KUBERNETES_ANSWER', { status: String(status), reason }, cause);
}

/** `User "…" cannot list resource "pods" in API group "" …` (apiserver, responsewriters). */
const refusal = /User "([^"]+)" cannot (\w+) (?:resource|path) "/;

function place({ namespace }: Target): Text {
  return namespace === undefined
    ? say('kubernetes.everywhere')
    : say('kubernetes.here', { namespace });
}

function forbidden(status: Status, verb: Verb, target: Target): AppError {
  const found = refusal.exec(status.message);
  // Quotas and the like also say "forbidden", and no rule would help.
  if (found === null && status.message !== '') return invalid(status, target);
  return new AppError('E_KUBERNETES_FORBIDDEN', {
    identity: found?.[1] ?? say('kubernetes.somebody'),
    verb: found?.[2] ?? verb,
    resource: resourceOf(target),
    group: target.group,
    place: place(target),
  });
}

/**
 * `ValidatingAdmissionPolicy 'urtc-bot-scale' with binding 'urtc-bot-scale' denied request: …` or
 * `admission webhook "name" denied the request: …` (apiserver, admission/plugin).
 */
const denial =
  /(?:ValidatingAdmissionPolicy '([^']+)'[^:]*|admission webhook "([^"]+)") denied (?:the )?request(?:: ([^]*))?/;

/** A change that a policy of the cluster refused, by its name; null where none speaks. */
function denied(status: Status, target: Target): AppError | null {
  const found = denial.exec(status.message);
  const policy = found?.[1] ?? found?.[2];
  if (policy === undefined) return null;
  const reason = (found?.[3] ?? status.message).slice(0, longestReason);
  return new AppError('E_KUBERNETES_POLICY', { what: describe(target), policy, reason });
}

/** What the API server makes of a change that it will not do, in its own words. */
function invalid(status: Status, target: Target): AppError {
  const reason = status.message.slice(0, longestReason);
  return new AppError('E_KUBERNETES_INVALID', { what: describe(target), reason });
}

/** `conflict with "helm" using apps/v1` (apimachinery, FieldManagerConflict). */
const owner = /conflict with "([^"]+)"/;

function conflict(status: Status, target: Target): AppError {
  const cause = status.details?.causes.find((each) => each.reason === 'FieldManagerConflict');
  const manager = owner.exec(cause?.message ?? '')?.[1];
  const reason =
    cause === undefined || manager === undefined
      ? say('kubernetes.changed')
      : say('kubernetes.owned', { field: cause.field, manager });
  return new AppError('E_KUBERNETES_CONFLICT', { what: describe(target), reason });
}

/** Where an answer came from. */
export interface Asked {
  readonly url: string;
  /** Where our identity comes from, e.g. the kubeconfig's path. */
  readonly source: string;
  readonly verb: Verb;
  readonly target: Target;
}

/** An answer that is no success, as an error for people. `status`: HTTP's. */
export function refused(status: number, body: Status | null, asked: Asked): AppError {
  const { url, source, verb, target } = asked;
  const byPolicy = body === null ? null : denied(body, target);
  if (byPolicy !== null) return byPolicy;
  switch (status) {
    case 401:
      return new AppError('E_KUBERNETES_UNAUTHORIZED', { source });
    case 403:
      return forbidden(body ?? emptyStatus, verb, target);
    case 404:
      return new AppError('E_KUBERNETES_NOT_FOUND', {
        what: describe(target),
        place: target.namespace === undefined ? '' : place(target),
      });
    case 409:
      return conflict(body ?? emptyStatus, target);
    case 422:
      return invalid(body ?? emptyStatus, target);
    // While it starts: "storage is (re)initializing", "the server is currently unable to handle".
    case 429:
    case 503:
    case 504:
      return unreachableFor(url, say('kubernetes.unready'));
    default:
      return badAnswer(status, (body?.message ?? '').slice(0, longestReason) || null);
  }
}

const emptyStatus: Status = { status: '', message: '', reason: '', code: 0 };
