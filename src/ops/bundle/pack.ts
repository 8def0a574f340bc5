import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { masked } from '../../core/mask.ts';
import { say, type Text } from '../../core/text.ts';
import { collectGarbage } from '../../platform/collector.ts';
import { abortReason } from '../../platform/kubernetes/abort-reason.ts';
import { cleanJsonInTurns, redactInTurns } from '../redaction/in-turns.ts';
import type { Archive } from './archive.ts';
import type { Absence, BundleFile, BundlePart } from './bundle-part.ts';
import { TimeLimit } from './time-limit.ts';

/** A file that got in. */
export interface PackedFile {
  readonly path: string;
  /** Unpacked. */
  readonly bytes: number;
  readonly sha256: string;
  /** In how many places a secret was taken out. */
  readonly masked: number;
  readonly note: Text | null;
}

/** What came of packing. */
export interface Packed {
  readonly files: readonly PackedFile[];
  readonly absent: readonly Absence[];
}

/** What packing needs. */
export interface PackParts {
  readonly archive: Pick<Archive, 'add'>;
  readonly redact: (text: string) => string;
  /** Keeps a failure that is a defect of ours, and returns the name under which it is found. */
  readonly record: (error: unknown) => string;
  /** Hears which part begins. */
  readonly onPart: (title: Text, nth: number) => void;
  /** All parts together get so much time, ms. */
  readonly limitMs: number;
}

/** More files than this are no bundle but a copy. */
const mostFiles = 600;
/** A file is in memory as a whole; what is longer is left out (characters). */
const longestFile = 16 * 1024 * 1024;
/**
 * After so many bytes what is left of them is given back. Each file is there as lines, text, bytes and
 * blocks, long enough to count as old, and V8 lets a process of 150 MB grow by 130 before it looks.
 */
const giveBackEvery = 4 * 1024 * 1024;

/**
 * Collects all parts into the archive, one file in memory at a time, each without its secrets. What
 * can't be had, does not fit or comes too late is written down, never an end of it all. Throws the
 * signal's reason, and `E_BUNDLE_UNWRITABLE`.
 */
export async function packBundle(
  parts: readonly BundlePart[],
  surroundings: PackParts,
  signal: AbortSignal,
): Promise<Packed> {
  const { onPart, limitMs, record } = surroundings;
  const files: PackedFile[] = [];
  const absent: Absence[] = [];
  const inAll = new TimeLimit(limitMs);
  let garbage = 0;
  for (const [nth, part] of parts.entries()) {
    onPart(part.title, nth + 1);
    const inPart = new TimeLimit(part.limitMs);
    const late = AbortSignal.any([inPart.signal, inAll.signal]);
    const stop = AbortSignal.any([signal, late]);
    const found = part.collect(stop)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await unlessStopped(stop, () => found.next());
        if (next.done === true) break;
        const { value } = next;
        if ('why' in value) absent.push(value);
        else {
          const packed = await packFile(value, surroundings, files.length);
          if ('why' in packed) absent.push(packed);
          else files.push(packed);
          garbage += 'why' in packed ? 0 : packed.bytes;
          if (garbage >= giveBackEvery) {
            garbage = 0;
            collectGarbage('major');
          }
        }
      }
    } catch (error) {
      // Not waited for: what does not heed its signal must not hold the others up.
      void found.return?.().catch(() => undefined);
      signal.throwIfAborted();
      if (error instanceof AppError && error.code === 'E_BUNDLE_UNWRITABLE') throw error;
      absent.push({ what: part.what, why: whyNot(error, late, part.limitMs, record) });
    } finally {
      inPart.end();
    }
  }
  inAll.end();
  return { files, absent };
}

async function packFile(
  file: BundleFile,
  { archive, redact }: PackParts,
  count: number,
): Promise<PackedFile | Absence> {
  const { path, note = null } = file;
  if (count >= mostFiles) return { what: path, why: say('bundle.why.many', { most: mostFiles }) };
  const text = await cleanText(file, redact);
  if (text.length > longestFile) {
    return { what: path, why: say('bundle.why.long', { size: { bytes: text.length } }) };
  }
  const content = Buffer.from(text);
  const named = 'json' in file.content ? `${path}.json` : path;
  const taken = await archive.add(named, content);
  const bytes = content.byteLength;
  if (taken === null) return { what: named, why: say('bundle.why.full', { size: { bytes } }) };
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path: taken, bytes, sha256, masked: text.split(masked).length - 1, note };
}

async function cleanText(
  { content }: BundleFile,
  redact: (text: string) => string,
): Promise<string> {
  if ('json' in content) {
    return `${JSON.stringify(await cleanJsonInTurns(content.json, redact), null, 1)}\n`;
  }
  const text = await redactInTurns(content.text, redact);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function whyNot(
  error: unknown,
  late: AbortSignal,
  limitMs: number,
  record: PackParts['record'],
): Text {
  if (error instanceof AppError) return say(error.code, error.params);
  if (late.aborted) return say('bundle.why.slow', { limit: { span: limitMs } });
  return say('bundle.why.defect', { id: record(error) });
}

/** Its result; or, once told to stop, a rejection with the reason, whatever it still does. */
async function unlessStopped<Value>(stop: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  stop.throwIfAborted();
  let end = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(abortReason(stop));
    stop.addEventListener('abort', onAbort, { once: true });
    end = () => stop.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    end();
  }
}
