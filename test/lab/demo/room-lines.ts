import { styleText } from 'node:util';
import { z } from 'zod';
import { isFinal, outcomeOf } from '../answer.ts';
import { bodyOf, editedContent, relationOf, type LabEvent } from '../event.ts';
import { questionIn } from './question.ts';

type Style = Parameters<typeof styleText>[0];

/** How lines are to look. */
export interface Look {
  readonly colour: boolean;
}

/** Escape sequences, direction marks and the like would steer the terminal that shows them. */
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const harmless = (text: string): string => text.replaceAll('\r\n', '\n').replace(steering, '�');

const styles: Readonly<Record<string, Style>> = {
  ok: 'green',
  warning: 'yellow',
  refused: 'red',
  failed: 'red',
  unknown: 'magenta',
  cancelled: 'yellow',
};

const attachment = z.object({
  url: z.string(),
  info: z.object({ size: z.number() }).optional().catch(undefined),
});

const memberContent = z.object({ membership: z.string(), reason: z.string().optional() });
const redactedId = z.object({ redacts: z.string() });

/** Before the words of somebody: stays the same in the prompt, so that typed lines fit in. */
export const markOf = (userId: string): string =>
  `${userId.replace(/^@/, '').split(':')[0] ?? ''} › `;

/** Turns the events of a room into what a person reads in a terminal. */
export class RoomLines {
  readonly #look: Look;
  readonly #self: string;
  /** First words of what was said, for what is said about it. */
  readonly #said = new Map<string, string>();

  /** @param self User id of the person who reads. */
  constructor(self: string, look: Look) {
    this.#self = self;
    this.#look = look;
  }

  /** The text to show for an event, without a final line break; `undefined` for what says nothing. */
  show(event: LabEvent): string | undefined {
    switch (event.type) {
      case 'm.room.message':
        return this.#message(event);
      case 'm.reaction':
        return this.#reaction(event);
      case 'm.room.redaction':
        return this.#redaction(event);
      case 'm.room.member':
        return this.#member(event);
      default:
        return undefined;
    }
  }

  #paint(style: Style, text: string): string {
    return this.#look.colour ? styleText(style, text, { validateStream: false }) : text;
  }

  #message(event: LabEvent): string | undefined {
    const body = harmless(bodyOf(event));
    // Of a removed message nothing is left.
    if (body === '') return undefined;
    const edited = editedContent(event) === undefined ? undefined : relationOf(event).event_id;
    this.#said.set(edited ?? event.event_id, excerpt(body));
    const mark = `${markOf(harmless(event.sender))}${edited === undefined ? '' : '✎ '}`;
    const text = `${body}${this.#attached(event)}`;
    return `${this.#paint(this.#markStyle(event), mark)}${indented(text, mark.length)}`;
  }

  #markStyle(event: LabEvent): Style {
    if (event.sender === this.#self) return 'cyan';
    if (questionIn(event) !== undefined) return ['yellow', 'bold'];
    return (isFinal(event) ? styles[outcomeOf(event)] : undefined) ?? 'blue';
  }

  #attached(event: LabEvent): string {
    const file = attachment.safeParse(event.content);
    if (!file.success) return '';
    const size = file.data.info === undefined ? '' : `, ${file.data.info.size} bytes`;
    return ` (file ${harmless(file.data.url)}${size})`;
  }

  #about(eventId: string | undefined): string {
    const said = this.#said.get(eventId ?? '');
    return said === undefined ? 'an earlier message' : `“${said}”`;
  }

  #note(event: LabEvent, text: string): string {
    return this.#paint('dim', `${markOf(harmless(event.sender))}${text}`);
  }

  #reaction(event: LabEvent): string | undefined {
    const { key, event_id: target } = relationOf(event);
    return key === undefined
      ? undefined
      : this.#note(event, `${harmless(key)} on ${this.#about(target)}`);
  }

  #redaction(event: LabEvent): string | undefined {
    const target = redactedId.safeParse({ ...event, ...event.content });
    return target.success
      ? this.#note(event, `removed ${this.#about(target.data.redacts)}`)
      : undefined;
  }

  #member(event: LabEvent): string | undefined {
    const content = memberContent.safeParse(event.content);
    if (!content.success || event.state_key === undefined) return undefined;
    const { membership } = content.data;
    const who = harmless(event.state_key);
    const isOwn = event.state_key === event.sender;
    if (membership === 'join') return this.#note(event, 'is in the room');
    if (membership === 'leave' && isOwn) return this.#note(event, 'left the room');
    const did = { invite: 'invited', leave: 'removed', ban: 'banned' }[membership];
    return did === undefined ? undefined : this.#note(event, `${did} ${who}`);
  }
}

const excerpt = (body: string): string => {
  const [line = ''] = body.split('\n');
  const letters = Array.from(line);
  return letters.length > 60 ? `${letters.slice(0, 59).join('')}…` : line;
};

const indented = (text: string, by: number): string =>
  text.replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(by)}`);
