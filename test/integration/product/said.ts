import { htmlOf, relationOf, type LabEvent } from '../../lab/event.ts';

/** Tags that clients are told to show (Matrix spec, m.room.message, `formatted_body`), no tables. */
const allowed = new Set(
  `del h1 h2 h3 h4 h5 h6 blockquote p a ul ol sup sub li b i u strong em s code hr br div pre span
   img details summary`.split(/\s+/),
);
const alone = new Set(['br', 'hr', 'img']);

/** What is wrong with a piece of HTML: foreign tags, attributes, tags that are not closed in order. */
export function htmlFaults(html: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const [whole, slash = '', name = '', rest = ''] of html.matchAll(
    /<(\/?)([^\s>/]*)([^>]*)>/g,
  )) {
    if (!allowed.has(name)) faults.push(`tag ${whole}`);
    if (rest.trim() !== '') faults.push(`attribute in ${whole}`);
    if (slash === '' && !alone.has(name)) open.push(name);
    if (slash !== '' && open.pop() !== name) faults.push(`${whole} closes something else`);
  }
  return [...faults, ...open.map((name) => `<${name}> is never closed`)];
}

/** Largest event that a home server takes, in bytes of its JSON (spec, size limits). */
export const largest = 65_536;

const wordTypes = new Set(['m.notice', 'm.file']);

/** What is wrong with one event of the bot's, by the rules that hold for everything it says. */
export function eventFaults(event: LabEvent): readonly string[] {
  const faults: string[] = [];
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes >= largest) faults.push(`${bytes} bytes`);
  if (event.type === 'm.room.message') {
    const { msgtype } = event.content;
    if (typeof msgtype !== 'string' || !wordTypes.has(msgtype))
      faults.push(`msgtype ${String(msgtype)}`);
    if (JSON.stringify(event.content['m.mentions']) !== '{}')
      faults.push('m.mentions is not empty');
    faults.push(...htmlFaults(htmlOf(event)));
    const { body } = event.content;
    if (typeof body !== 'string' || body === '') faults.push('no plain text');
    const relation = relationOf(event);
    if (relation.rel_type === 'm.thread' && relation.is_falling_back !== true) {
      faults.push('in a thread without is_falling_back');
    }
  }
  return faults.map((fault) => `${event.event_id} ${event.type}: ${fault}`);
}
