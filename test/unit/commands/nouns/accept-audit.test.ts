import { expect, test } from 'vitest';
import type { AuditAnchor, AuditVerdict } from '../../../../src/commands/capabilities.ts';
import { botAcceptAudit } from '../../../../src/commands/nouns/bot/accept-audit.ts';

const cut = { state: 'cut', entries: 2, anchored: 9 } as const;
const intact = { state: 'intact', entries: 2, anchoredUpTo: 2 } as const;
const fileAlone = { state: 'intact', entries: 2, anchoredUpTo: null } as const;

interface Log {
  readonly file?: AuditVerdict;
  readonly compared?: AuditVerdict;
  readonly isReached?: boolean;
}

/** A log whose anchor in the room is that of a longer one. */
function scene({ file = fileAlone, compared = cut, isReached = true }: Log) {
  let there: AuditAnchor | null = { count: 9, hash: 'ab' };
  const anchors = {
    read: () => Promise.resolve(there === null ? [] : [there]),
    replace: () => {
      there = { count: 2, hash: 'cd' };
      return Promise.resolve();
    },
  };
  const context = {
    actor: { kind: 'local', login: 'root', rank: 'owner' },
    language: 'en',
    surface: 'terminal',
    signal: new AbortController().signal,
    audit: {
      list: () => [],
      verify: () => Promise.resolve(compared),
      verifyFile: () => Promise.resolve(file),
      anchors: isReached ? anchors : null,
    },
  } as const;
  const loseSight = (): void => {
    there = null;
  };
  return { context, there: () => there, loseSight };
}

test.each<[Log, string]>([
  [{ isReached: false }, 'E_BOT_NOT_RUNNING'],
  [{ compared: intact }, 'E_AUDIT_HOLDS'],
  [{ file: { state: 'broken', sequence: 3, why: 'gap' } }, 'E_AUDIT_BROKEN'],
])('is not to be had for a log like %j: %s', async (log, code) => {
  await expect(botAcceptAudit.plan(scene(log).context, {})).rejects.toThrow(code);
});

test('after a crash it is known whether the anchor is another one than that which was shown', async () => {
  const { context, there, loseSight } = scene({});
  const { facts } = await botAcceptAudit.plan(context, {});
  expect(facts).toEqual({ anchors: [there()] });
  const [replace] = botAcceptAudit.steps;
  const step = { input: {}, facts, done: {} };
  expect(await replace.settle(context, step)).toEqual({ state: 'not-done' });
  await replace.run(context, step);
  expect(await replace.settle(context, step)).toEqual({ state: 'done', result: {} });
  loseSight();
  expect(await replace.settle(context, step)).toMatchObject({ state: 'unknown' });
});
