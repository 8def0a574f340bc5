import { bodyOf, editedContent, relationOf, type LabEvent } from '../../../lab/event.ts';
import type { Person } from '../../../lab/person.ts';
import type { Mark } from '../../../lab/timeline.ts';

/** What the feed tells in a room, as a person in it sees it. */
export interface ToldIncidents {
  /** The messages, edits not counted. */
  all(since: Mark): readonly LabEvent[];
  /** Waits for the message that says it. */
  told(text: string, since: Mark, timeoutMs?: number): Promise<LabEvent>;
  /** Waits for the edit of a message that says it. */
  edited(message: LabEvent, text: string, since: Mark): Promise<LabEvent>;
}

const isEdit = (event: LabEvent): boolean => relationOf(event).rel_type === 'm.replace';
const isMessage = (event: LabEvent): boolean =>
  'io.urtc.incident' in event.content && !isEdit(event);

/** For a person in a room with a bot. */
export const toldIncidents = (person: Person, room: string): ToldIncidents => ({
  all: (since) => person.timeline(room).filter(isMessage, since),
  told: (text, since, timeoutMs = 80_000) =>
    person.waitFor(room, (event) => isMessage(event) && bodyOf(event).includes(text), {
      ...{ since, timeoutMs },
    }),
  edited: (message, text, since) => {
    const fits = (event: LabEvent): boolean =>
      isEdit(event) &&
      relationOf(event).event_id === message.event_id &&
      String(editedContent(event)?.['body']).includes(text);
    return person.waitFor(room, fits, { since, timeoutMs: 80_000 });
  },
});
