import type { Text } from '../../core/text.ts';

/** What came of a probe. */
export type ProbeResult =
  | { readonly is: 'ok'; readonly detail: Text }
  | { readonly is: 'problem'; readonly detail: Text; readonly next: Text }
  /** There is nothing to ask, e.g. the component is not installed. */
  | { readonly is: 'skipped'; readonly detail: Text };

/** A probe and what came of it. `tookMs`: how long it took. */
export interface Probed {
  readonly id: ProbeId;
  readonly result: ProbeResult;
  readonly tookMs: number;
}

/** Probes that ask a part of the stack over HTTP. */
export const httpProbeIds = [
  'synapse',
  'federation',
  'key-server',
  'well-known-client',
  'well-known-server',
  'mas',
  'calls',
  'element-web',
] as const;
/** One of {@link httpProbeIds}. */
export type HttpProbeId = (typeof httpProbeIds)[number];

/** Every probe, in the order in which they are shown. */
export const probeIds = [
  ...httpProbeIds,
  'components',
  'nodes',
  'volumes',
  'certificates',
  'api-certificate',
  'disk',
] as const;
/** One of {@link probeIds}; stable, it stands in JSON. */
export type ProbeId = (typeof probeIds)[number];
