import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseRoomId, parseUserId } from '../../core/ids.ts';
import { parseNamespace } from '../kubernetes/namespace.ts';

/**
 * Why a value is refused where zod itself has no words for it. Each has a text under
 * `settings.reason.<name>`.
 */
export const reasons = [
  'url',
  'user-id',
  'room-id',
  'admin-room',
  'secret',
  'duplicate-person',
  'namespace',
  'cluster',
  'alerts-tls',
  'alerts-port',
  'time-zone',
  'quiet-hours',
  'alert-route',
  'alert-room-twice',
  'secure-url',
  'mail-address',
  'mail-tls',
  'mail-login',
  'channel',
  'duplicate-channel',
  'plain-name',
  'absolute-path',
] as const;
/** One of {@link reasons}. */
export type Reason = (typeof reasons)[number];

/** The shape of an issue that carries one of our reasons. */
export const reasonSchema = z.object({ reason: z.enum(reasons) });

/** Adds an issue that {@link reasonSchema} reads back. */
export function custom(reason: Reason, path: (string | number)[] = []) {
  return { code: 'custom' as const, path, params: { reason } satisfies { reason: Reason } };
}

function checked<Out>(reason: Reason, parse: (text: string) => Out) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof AppError) && !(error instanceof TypeError)) throw error;
      context.addIssue(custom(reason));
      return z.NEVER;
    }
  });
}

/** A text of a form that has words of its own. */
export function matching(pattern: RegExp, reason: Reason) {
  return z.string().superRefine((text, context) => {
    if (!pattern.test(text)) context.addIssue(custom(reason));
  });
}

/** Base URL of a server: http or https, no user, query or fragment; returned without the last slash. */
export const urlSchema = checked('url', (text) => {
  const url = new URL(text);
  const plain =
    ['http:', 'https:'].includes(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (!plain) throw new TypeError('not a plain http(s) URL');
  return url.href.replace(/\/+$/, '');
});

/** A full Matrix user id. */
export const userIdSchema = checked('user-id', parseUserId);

/** A room id (not an alias: whoever owns an alias could point it elsewhere). */
export const roomIdSchema = checked('room-id', parseRoomId);

/** Name of a namespace of the cluster. */
export const namespaceSchema = checked('namespace', parseNamespace);

/** `create`, or the id of a room. */
export const adminRoomSchema = checked('admin-room', (text) =>
  text === 'create' ? ('create' as const) : parseRoomId(text),
);

/** Where a secret is found. The value itself never stands in the config file. */
export const secretSourceSchema = z.union(
  [
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
  ],
  { error: 'secret' },
);
/** A file (relative to the config file) or an environment variable. */
export type SecretSource = z.output<typeof secretSourceSchema>;
