import { bodyOf, editedContent, htmlOf, relationOf, repliesTo, type LabEvent } from './event.ts';

/** The keys that the bot puts into its messages so that programs can tell them apart. */
const keys = {
  status: 'io.urtc.status',
  final: 'io.urtc.final',
  outcome: 'io.urtc.outcome',
} as const;

/** What became of one command. */
export interface Answer {
  /** Id of the event that held the command. */
  readonly commandId: string;
  /** The last event of the answer, marked as final. */
  readonly event: LabEvent;
  /** `ok`, `refused`, `failed` …; empty when the bot did not say. */
  readonly outcome: string;
  /** Plain text of all parts. */
  readonly body: string;
  /** HTML of all parts. */
  readonly html: string;
  /** All parts in order, without status messages. */
  readonly parts: readonly LabEvent[];
  /** Status messages and their edits, in order. */
  readonly status: readonly LabEvent[];
  /** From the moment when the server had accepted the command until the person saw the end. */
  readonly ms: number;
}

const contentOf = (event: LabEvent): Record<string, unknown> =>
  editedContent(event) ?? event.content;

/** Whether this is the end of an answer to that command, as a message or as an edit of one. */
export const isFinal = (event: LabEvent): boolean => contentOf(event)[keys.final] === true;

/** Whether this is a status message of a slow command (or an edit of one). */
export const isStatus = (event: LabEvent): boolean => contentOf(event)[keys.status] === true;

/** The outcome that the bot has written into an answer. */
export const outcomeOf = (event: LabEvent): string => {
  const outcome = contentOf(event)[keys.outcome];
  return typeof outcome === 'string' ? outcome : '';
};

/**
 * All that somebody else than its sender has said to a command: replies and the edits of these,
 * in the order in which they came.
 */
export const repliesIn = (events: readonly LabEvent[], commandId: string): LabEvent[] => {
  const ids = new Set<string>();
  return events.filter((event) => {
    const relation = relationOf(event);
    const isEdit = relation.rel_type === 'm.replace' && ids.has(relation.event_id ?? '');
    if (repliesTo(event) !== commandId && !isEdit) return false;
    ids.add(event.event_id);
    return true;
  });
};

/** Puts the replies to a command together. `undefined` while there is no final one. */
export const answerFrom = (
  events: readonly LabEvent[],
  commandId: string,
  ms: number,
): Answer | undefined => {
  const replies = repliesIn(events, commandId);
  const end = replies.findIndex(isFinal);
  const event = replies[end];
  if (event === undefined) return undefined;
  const until = replies.slice(0, end + 1);
  const parts = until.filter((reply) => reply === event || !isStatus(reply));
  return {
    commandId,
    event,
    outcome: outcomeOf(event),
    body: parts.map(bodyOf).join('\n'),
    html: parts.map(htmlOf).join('\n'),
    parts,
    status: until.filter((reply) => reply !== event && isStatus(reply)),
    ms,
  };
};
