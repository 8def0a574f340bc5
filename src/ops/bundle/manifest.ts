import type { Json, JsonObject } from '../../core/json.ts';
import type { Text } from '../../core/text.ts';
import { translate } from '../../core/words/translate.ts';
import type { Packed } from './pack.ts';

/** What a manifest tells besides what is in the bundle. */
export interface ManifestFacts {
  readonly name: string;
  /** ms since the epoch. */
  readonly madeAt: number;
  /** Logs were read from then on, ms since the epoch; null: their last lines. */
  readonly since: number | null;
  readonly versions: JsonObject;
  /** The bundle gets no longer, bytes. */
  readonly mostBytes: number;
}

/** More absences than this are counted, not listed: the manifest must fit, whatever happens. */
const mostAbsences = 600;
const longestReason = 400;

/**
 * The file that tells what is in a bundle, what is not, and why. In English: whoever supports reads
 * it. `redact` takes secrets out of reasons, which may cite what a server has said.
 */
export function manifestOf(
  facts: ManifestFacts,
  { files, absent }: Packed,
  redact: (text: string) => string,
): Uint8Array {
  const iso = (moment: number | null): Json =>
    moment === null ? null : new Date(moment).toISOString();
  const english = (text: Text): string => redact(translate(text, 'en')).slice(0, longestReason);
  const manifest: JsonObject = {
    what: 'support bundle of urtc',
    format: 1,
    name: facts.name,
    made_at: iso(facts.madeAt),
    logs_since: iso(facts.since),
    versions: facts.versions,
    masked: maskedIn({ files }),
    files: files.map(({ note, ...file }) => ({
      ...file,
      ...(note === null ? {} : { note: english(note) }),
    })),
    left_out: absent
      .slice(0, mostAbsences)
      .map(({ what, why }) => ({ what: redact(what).slice(0, 200), why: english(why) })),
    left_out_count: absent.length,
    limit_bytes: facts.mostBytes,
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** In how many places a secret was taken out, in all files. */
export function maskedIn({ files }: Pick<Packed, 'files'>): number {
  return files.reduce((sum, { masked }) => sum + masked, 0);
}
