import type { Json } from '../../core/json.ts';
import type { Text } from '../../core/text.ts';

/** A file of a bundle, its secrets still in it: whoever packs it takes them out. */
export interface BundleFile {
  /** Relative, of safe names, without its ending where `json` is given. */
  readonly path: string;
  readonly content: { readonly text: string } | { readonly json: Json };
  /** What a reader has to know, e.g. that it is only the end of a log. */
  readonly note?: Text;
}

/** Something that is not in the bundle, and why. */
export interface Absence {
  /** A path, or what would have been several files. */
  readonly what: string;
  readonly why: Text;
}

/** What is collected from one place. Parts that are worth more come first: the size is bounded. */
export interface BundlePart {
  /** As progress says it. */
  readonly title: Text;
  /** Stands in the manifest for all that is missing of it. */
  readonly what: string;
  /** It gets no more time than this, ms. */
  readonly limitMs: number;
  /** Throws an `AppError` where nothing (more) of it can be had. */
  collect(signal: AbortSignal): AsyncIterable<BundleFile | Absence>;
}
