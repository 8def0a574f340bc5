import type { AuditAnchors } from '../../commands/capabilities.ts';
import type { RoomId } from '../../core/ids.ts';
import type { AnchorWriter } from '../audit-anchor.ts';
import { explainFailure } from '../client/failure.ts';

/** The anchors of the audit log for commands: read from and written to these rooms. */
export function anchorsInRooms(parts: {
  readonly anchor: () => Pick<AnchorWriter, 'readAnchors' | 'replace'>;
  readonly rooms: () => readonly RoomId[];
  /** The home server's, for what is said when it does not answer. */
  readonly url: string;
}): AuditAnchors {
  const { anchor, rooms, url } = parts;
  const explained = (thrown: unknown): never => {
    throw explainFailure(thrown, url);
  };
  return {
    read: () => anchor().readAnchors(rooms()).catch(explained),
    replace: () => anchor().replace(rooms()).catch(explained),
  };
}
