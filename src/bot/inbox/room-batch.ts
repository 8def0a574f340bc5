import type { EventId, RoomId } from '../../core/ids.ts';
import type { Judged } from './judge.ts';

/** What one sync brought of one room. */
export interface RoomBatch {
  readonly room: RoomId;
  /** Oldest first. */
  readonly events: readonly Judged[];
  /** The newest event of the room now, also where it was known before; null: none was seen. */
  readonly newest: EventId | null;
  /** True: the room is new to us. What it holds is remembered, nothing of it is acted on. */
  readonly isBaseline: boolean;
  readonly gap: Gap;
}

/** What the room has to be told about how the events were got. */
export type Gap =
  | { readonly kind: 'none' }
  /** There was too much: what lies between `from` and `until` (ms since the epoch) was not read. */
  | {
      readonly kind: 'cut';
      readonly read: number;
      /** When something was last read here, by our clock. */
      readonly from: number | null;
      /** When the oldest event that was read was sent, by the home server's clock. */
      readonly until: number;
    }
  /** The home server has gone back in time; `read` events were new to us. */
  | { readonly kind: 'rewound'; readonly read: number };
