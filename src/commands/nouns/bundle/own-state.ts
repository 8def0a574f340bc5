import { arch, platform, release as osRelease, totalmem } from 'node:os';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { say } from '../../../core/text.ts';
import type { BundleDesk } from '../../../ops/bundle/bundle-desk.ts';
import type { BundlePart } from '../../../ops/bundle/bundle-part.ts';
import { readStack } from '../../../ops/stack/stack.ts';
import type { AuditEntry } from '../../capabilities.ts';
import type { Context } from '../../command.ts';
import { nameOf } from '../../command-index.ts';

type OwnContext = Context<
  'audit' | 'config' | 'errors' | 'gauges' | 'health' | 'identity' | 'kubernetes' | 'registry'
>;

/** Newest lines of the audit log, and newest failures. */
const mostEntries = 500;
const mostErrors = 200;

/** Which versions of what run here. What can't be asked is null. */
export async function versionsOf(context: OwnContext, signal: AbortSignal): Promise<JsonObject> {
  const { identity, gauges, health, kubernetes } = context;
  const { homeserver } = await health.snapshot();
  const cluster: JsonObject = !gauges.isConfigured
    ? {}
    : {
        kubernetes: await orNull(() => kubernetes.version(signal)),
        chart: await orNull(() => Promise.resolve(readStack(kubernetes).chart)),
        components: await orNull(() => Promise.resolve(componentVersions(context))),
      };
  return {
    urtc: identity.version,
    node: process.version,
    system: `${platform()} ${osRelease()} ${arch()}`,
    memory_bytes: totalmem(),
    synapse: homeserver.version,
    ...cluster,
  };
}

async function orNull<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function componentVersions({ kubernetes }: OwnContext): JsonObject {
  const { components } = readStack(kubernetes);
  return Object.fromEntries(components.map(({ kind, version }) => [kind.key, version]));
}

/** What the bot knows of itself: settings, failures, the shape of the audit log, its own log. */
export function ownParts(context: OwnContext, desk: BundleDesk): readonly BundlePart[] {
  const part = (name: string, collect: BundlePart['collect']): BundlePart => ({
    ...{ title: say('bundle.part.bot'), what: `bot/${name}`, limitMs: 30_000, collect },
  });
  return [
    part('config.json', async function* () {
      // Not as YAML: a rule for texts takes the line after `accessToken:` for its value.
      const settings: unknown = parse(context.config.redacted());
      const json = z.json().parse(settings);
      yield await Promise.resolve({ path: 'bot/config', content: { json } });
    }),
    part('errors.json', async function* () {
      const found = context.errors.latest(mostErrors).map(({ at, ...error }) => ({
        ...{ at: new Date(at).toISOString(), ...error },
      }));
      yield await Promise.resolve({ path: 'bot/errors', content: { json: found } });
    }),
    part('audit.json', async function* () {
      yield { path: 'bot/audit', content: { json: await auditShape(context) } };
    }),
    part('urtc.log', async function* () {
      const lines = await Promise.resolve(desk.ownLog());
      if (lines === null) yield { what: 'bot/urtc.log', why: say('bundle.why.no-bot') };
      else yield { path: 'bot/urtc.log', content: { text: lines.join('\n') } };
    }),
  ];
}

/** Who did what is nobody else's business; which commands ran, how they ended and how long they took is. */
async function auditShape({ audit, registry }: OwnContext): Promise<JsonObject> {
  const verdict = await audit.verify();
  const names = registry.commands.map(nameOf);
  const actors = new Map<string, string>();
  const alias = (actor: string): string => {
    const known = actors.get(actor) ?? `actor-${actors.size + 1}`;
    actors.set(actor, known);
    return known;
  };
  const entries = audit.list({ limit: mostEntries }).map((entry) => ({
    sequence: entry.sequence,
    at: new Date(entry.at).toISOString(),
    actor: alias(entry.actor),
    command: commandIn(entry, names),
    decision: entry.decision,
    result: entry.result,
    duration_ms: entry.durationMs,
  }));
  return { verdict: verdict.state, entries };
}

/** The words of the command, nothing of what it was given. */
function commandIn({ line }: AuditEntry, names: readonly string[]): string | null {
  const words = line.replace(/^!/, '').split(/\s+/);
  const [one, two] = [words[0] ?? '', words.slice(0, 2).join(' ')];
  return [two, one].find((name) => names.includes(name)) ?? null;
}
