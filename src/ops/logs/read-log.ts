import type { Kubernetes, ObjectRef } from '../../platform/kubernetes/port.ts';
import { KeyGate } from './key-gate.ts';
import { LastLines } from './last-lines.ts';
import { linesOf } from './lines.ts';
import type { LinePattern } from './pattern/line-pattern.ts';
import type { Redaction } from '../redaction/redaction.ts';

/** Which log. */
export interface LogSource extends ObjectRef {
  readonly container: string;
}

/** What is wanted of it. */
export interface LogWish {
  /** Only so many lines, the last ones. */
  readonly tail: number;
  /** Only lines from then on, ms since the epoch. */
  readonly since: number | null;
  readonly grep: LinePattern | null;
  /** The run before the last restart. */
  readonly previous: boolean;
}

/** What was found, without secrets. */
export interface FoundLines {
  readonly lines: readonly string[];
  /** Bytes that were looked through. */
  readonly bytes: number;
  /** True where the log is longer than what is looked through, so that something may be missing. */
  readonly isCut: boolean;
}

/** Of a log without `since` only so many last lines are searched: about 200 MB. */
const searchedLines = 1_000_000;
/** And of any log so many bytes. */
const searchedBytes = 256 * 1024 * 1024;
/** What is shown of one log has at most so many characters. */
const shownCharacters = 2_000_000;

/**
 * Reads one log, bounded in lines, bytes and memory. A pattern is searched in the text as it is, and
 * again in what is left of it without secrets: so a search can't be used to guess one. Throws what
 * the port's `logs` throws.
 */
export async function readLog(
  cluster: Pick<Kubernetes, 'logs'>,
  redaction: Redaction,
  source: LogSource,
  wish: LogWish,
  signal: AbortSignal,
): Promise<FoundLines> {
  const { grep, since } = wish;
  const asked = grep === null ? wish.tail : since === null ? searchedLines : undefined;
  const chunks = cluster.logs(
    {
      ...{ namespace: source.namespace, name: source.name, container: source.container },
      ...(since === null ? {} : { since }),
      ...(asked === undefined ? {} : { tail: asked }),
      ...(wish.previous ? { previous: true } : {}),
      limitBytes: searchedBytes,
    },
    signal,
  );
  const gate = new KeyGate();
  const last = new LastLines(wish.tail, shownCharacters);
  const counted = { bytes: 0, lines: 0 };
  for await (const lines of linesOf(counting(chunks, counted))) {
    for (const raw of lines) {
      const line = gate.pass(raw);
      counted.lines += 1;
      if (grep === null || grep.matches(line)) last.push(line);
    }
  }
  const isCut =
    counted.bytes >= searchedBytes ||
    last.leftOut > 0 ||
    (grep !== null && since === null && counted.lines >= searchedLines);
  return { lines: clean(last.all(), redaction, grep), bytes: counted.bytes, isCut };
}

/** Lines without secrets; without those, too, that were only found for a secret in them. */
export function clean(
  lines: readonly string[],
  redaction: Pick<Redaction, 'apply'>,
  grep: LinePattern | null,
): readonly string[] {
  if (lines.length === 0) return [];
  const shown = redaction.apply(lines.join('\n')).split('\n');
  return grep === null ? shown : shown.filter((line) => grep.matches(line));
}

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  counted: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    counted.bytes += chunk.byteLength;
    yield chunk;
  }
}
