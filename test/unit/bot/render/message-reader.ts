/**
 * Tags that a client must show, from the Matrix spec (client-server API v1.15, m.room.message
 * msgtypes, "org.matrix.custom.html"); what stands under it there as deprecated is left out.
 */
export const specTags: ReadonlySet<string> = new Set(
  (
    'del h1 h2 h3 h4 h5 h6 blockquote p a ul ol sup sub li b i u strong em s code hr br div ' +
    'table thead tbody tr th td caption pre span img details summary'
  ).split(' '),
);

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
};

/** What a strict reader finds in a message's HTML. Throws where it is not well-formed. */
export function readHtml(html: string): {
  readonly text: string;
  readonly tags: ReadonlySet<string>;
} {
  const open: string[] = [];
  const tags = new Set<string>();
  let text = '';
  for (const [token, close, name] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)>|<|>|&[a-z]*;?|[^<>&]+/g,
  )) {
    if (name !== undefined) {
      tags.add(name);
      if (close === '/') {
        const last = open.pop();
        if (last !== name) throw new Error(`</${name}> closes <${last ?? 'nothing'}>`);
      } else if (name === 'br') text += '\n';
      else open.push(name);
    } else if (token.startsWith('&')) {
      const character = entities[token];
      if (character === undefined) throw new Error(`unknown entity ${token}`);
      text += character;
    } else if (token === '<' || token === '>') {
      throw new Error(`a bare ${token} near ${html.slice(0, 200)}`);
    } else text += token;
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
  return { text, tags };
}

/** Bytes of a message's texts as they stand in the event. */
export function eventBytes(message: { body: string; formattedBody: string }): number {
  const content = { body: message.body, formatted_body: message.formattedBody };
  return Buffer.byteLength(JSON.stringify(content));
}

/** Text without what the layout adds or drops: blanks, isolates, back-ticks. */
export function bare(text: string): string {
  return text.replace(/[\s\u2068\u2069`]/gu, '');
}
