import type { JsonObject } from '../core/json.ts';
import type { Language } from '../core/words/index.ts';
import type { JobDraft, Origin } from '../platform/store/jobs.ts';
import type { Rank } from './actor.ts';
import { alwaysAsks } from './confirm/always-asks.ts';
import { nameOf } from './command-index.ts';
import type { Desk } from './jobs/desk.ts';
import { OpenJob, type OpenJobOptions } from './jobs/open-job.ts';
import type { Invocation, RawInput } from './parse/invocation.ts';
import { printInvocation } from './parse/print.ts';
import type { Surface } from './surface.ts';

/** A command line as it comes in from a room or a terminal. */
export interface Arrival {
  readonly origin: Origin;
  readonly rank: Rank;
  readonly language: Language;
  readonly surface: Surface;
  /** Read long after it was sent. */
  readonly stale: boolean;
  /** Consent was given with the line (`--yes`). */
  readonly yes: boolean;
  readonly parse: () => Invocation;
  /** The first words as typed, to name a line that is not understood. */
  readonly words: readonly string[];
}

/** Makes a job of a line, understood or not: whatever is wrong with it is its answer. */
export function arrive(
  desk: Desk,
  arrival: Arrival,
  more: Pick<OpenJobOptions, 'event' | 'mayAsk'>,
): OpenJob {
  const understood = read(arrival);
  const { origin, rank, language, surface } = arrival;
  const draft: JobDraft = {
    origin,
    rank,
    language,
    now: desk.parts.capabilities.clock.now(),
    ...(understood.invocation === null
      ? notUnderstood(desk, arrival.words)
      : known(understood.invocation, arrival)),
  };
  return new OpenJob(desk, { draft, surface, ...understood, ...more });
}

function read(arrival: Arrival): Pick<OpenJobOptions, 'invocation' | 'problem'> {
  try {
    return { invocation: arrival.parse() };
  } catch (problem) {
    return { invocation: null, problem };
  }
}

type Known = Pick<JobDraft, 'line' | 'command' | 'input' | 'dryRun' | 'consent'>;

function known(invocation: Invocation, arrival: Arrival): Known {
  const { command, dryRun, raw } = invocation;
  const asks = command.effect !== 'read' && (arrival.stale || alwaysAsks(invocation));
  return {
    line: printInvocation(invocation),
    command: nameOf(command),
    input: withoutSecrets(invocation, raw),
    dryRun,
    consent: asks && !dryRun && !arrival.yes ? 'needed' : 'given',
  };
}

/** A line that is not understood may hold anything, a password too: only command words are kept. */
function notUnderstood(desk: Desk, words: readonly string[]): Known {
  const [noun = '', verb = ''] = words.map((word) => word.toLowerCase());
  const names = [`${noun} ${verb}`, noun];
  const name = names.find((each) => desk.parts.registry.find(each) !== null);
  const line = name ?? (desk.parts.registry.ofNoun(noun).length > 0 ? noun : '');
  return { line: `${line} …`.trim(), command: line, input: {}, dryRun: false, consent: 'given' };
}

function withoutSecrets({ command }: Invocation, raw: RawInput): JsonObject {
  const open = ([name]: readonly [string, unknown]): boolean =>
    command.arguments[name]?.secret !== true;
  return {
    arguments: Object.fromEntries(Object.entries(raw.arguments).filter(open)),
    flags: raw.flags,
  };
}
