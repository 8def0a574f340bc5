import { z } from 'zod';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { AuditEntry, AuditTrail, AuditVerdict } from '../capabilities.ts';
import { nameOf } from '../command-index.ts';
import { defineRead, type Context } from '../command.ts';
import { nearestName } from '../parse/nearest.ts';

/** `audit`: who did what. `audit verify`: whether the log still is what was written. */
export const audit = defineRead({
  words: ['audit'],
  summary: 'audit.summary',
  role: 'admin',
  surface: 'everywhere',
  uses: ['audit', 'identity', 'registry', 'people'],
  arguments: {
    action: { schema: z.enum(['verify']).optional(), about: 'audit.action', optional: true },
  },
  flags: {
    limit: {
      schema: z.coerce.number().int().min(1).max(500).default(20),
      about: 'audit.limit',
      value: 'COUNT',
    },
    person: { schema: z.string().min(1).optional(), about: 'audit.person', value: 'PERSON' },
    command: { schema: z.string().min(1).optional(), about: 'audit.command', value: 'COMMAND' },
  },
  examples: ['audit', 'audit --person=anna --limit=50', 'audit verify'],
  async *run({ audit, identity, registry, people }, { action, limit, person, command }) {
    if (action === 'verify') yield* verify(audit);
    else {
      const actor = person === undefined ? undefined : actorMeant(person, identity.serverName);
      const entries = audit.list({
        limit,
        ...(actor === undefined ? {} : { actor }),
        ...(command === undefined ? {} : { command }),
      });
      yield table(entries);
      if (entries.length === 0) yield* unknownNames({ registry, people }, { actor, command });
    }
  },
});

/** Whom a filter means: a name alone is that of somebody on this home server. */
function actorMeant(person: string, serverName: string): string {
  return person.includes(':') ? person : `@${person.replace(/^@/, '')}:${serverName}`;
}

/** That nothing was found may be because nothing is called so: then that is said, and what is near. */
function* unknownNames(
  { registry, people }: Pick<Context<'registry' | 'people'>, 'registry' | 'people'>,
  { actor, command }: { readonly actor: string | undefined; readonly command: string | undefined },
): Iterable<ReportNode> {
  const commands = registry.commands.map(nameOf);
  if (command !== undefined && !commands.some((name) => begins(name, command))) {
    const suggestion = suggested(nearestName(command, commands));
    yield { type: 'hint', text: say('audit.unknown-command', { command, suggestion }) };
  }
  const listed: readonly string[] = people.list().map(({ user }) => user);
  // Whoever is on the terminal is on no list.
  if (actor?.startsWith('@') === true && !listed.includes(actor)) {
    // By the names alone: all have the same long server behind them.
    const suggestion = suggested(nearestName(localOf(actor), listed.map(localOf)));
    yield { type: 'hint', text: say('audit.unknown-person', { person: actor, suggestion }) };
  }
}

/** Whether one is the beginning of the other, in whole words: `user`, `user add`, `user add alice`. */
function begins(name: string, command: string): boolean {
  return `${name} `.startsWith(`${command} `) || `${command} `.startsWith(`${name} `);
}

function localOf(user: string): string {
  return user.slice(1, user.indexOf(':'));
}

function suggested(nearest: string | null): Text {
  return nearest === null ? '' : say('parse.suggestion', { nearest });
}

function table(entries: readonly AuditEntry[]): ReportNode {
  return {
    type: 'table',
    id: 'audit',
    columns: [
      { id: 'sequence', label: say('audit.column.sequence'), align: 'right' },
      { id: 'at', label: say('audit.column.at') },
      { id: 'actor', label: say('audit.column.actor') },
      { id: 'line', label: say('audit.column.line') },
      { id: 'decision', label: say('audit.column.decision') },
      { id: 'result', label: say('audit.column.result') },
      { id: 'duration', label: say('audit.column.duration'), align: 'right' },
      { id: 'job', label: say('audit.column.job') },
    ],
    rows: entries.map((entry) => [
      entry.sequence,
      { moment: entry.at },
      entry.actor,
      entry.line,
      say(`audit.decision.${entry.decision}`),
      entry.result,
      entry.durationMs === null ? null : { span: entry.durationMs },
      entry.job,
    ]),
  };
}

async function* verify(audit: AuditTrail): AsyncIterable<ReportNode> {
  const verdict = await audit.verify();
  yield verdictNode(verdict);
  if (verdict.state === 'intact' && verdict.anchoredUpTo === null) {
    yield { type: 'hint', text: say('audit.not-anchored') };
  }
  if (verdict.state !== 'intact') yield { type: 'hint', text: say('audit.broken.next') };
}

/** What came of checking the log, in words. */
export function verdictNode(verdict: AuditVerdict): ReportNode {
  switch (verdict.state) {
    case 'intact': {
      const { entries, anchoredUpTo } = verdict;
      const text =
        anchoredUpTo === null
          ? say('audit.intact', { entries })
          : say('audit.intact-anchored', { entries, anchored: anchoredUpTo });
      return { type: 'outcome', outcome: anchoredUpTo === null ? 'warning' : 'ok', text };
    }
    case 'broken':
    case 'cut':
      return { type: 'outcome', outcome: 'failed', text: verdictText(verdict) };
    default:
      return verdict satisfies never;
  }
}

/** What is wrong with a log that is not what was written. */
export function verdictText(verdict: Exclude<AuditVerdict, { state: 'intact' }>): Text {
  switch (verdict.state) {
    case 'broken': {
      const { sequence, why } = verdict;
      return say(`audit.broken.${why}`, { sequence });
    }
    case 'cut': {
      const { entries, anchored } = verdict;
      return say('audit.cut', { entries, anchored });
    }
    default:
      return verdict satisfies never;
  }
}
