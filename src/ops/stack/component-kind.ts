import type { WordKey } from '../../core/words/index.ts';

/** Whether more than one pod of a component is right. */
export type Scaling =
  | { readonly is: 'free' }
  /** More than one breaks it; `why` is a sentence for people. */
  | { readonly is: 'single'; readonly why: WordKey }
  /** Free until the chart of that version, `single` from there on. */
  | { readonly is: 'single-from'; readonly chart: string; readonly why: WordKey };

/** One component of the chart, as the chart makes it. */
export interface ComponentKind {
  /** What a person types and reads, also in JSON. */
  readonly key: string;
  /** Its proper name, which is the same in every language. */
  readonly title: string;
  /** What else a person types for it. */
  readonly aliases: readonly string[];
  /** Values of its label `app.kubernetes.io/name`; several where the chart changed its mind. */
  readonly names: readonly string[];
  /** Container of its pods that does the work; the first one there is where this is missing. */
  readonly container: string;
  /** Path in the chart's values under which `replicas` and `resources` stand. */
  readonly values: string;
  readonly scaling: Scaling;
  /** Those with a lower number must be ready before it starts. */
  readonly startOrder: number;
  /** One of Synapse's workers; all of them are off unless the values turn them on. */
  readonly isWorker: boolean;
}
