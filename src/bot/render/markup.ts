import type { Block, Line, Span } from './block.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text as HTML character data. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

const tags = { strong: 'b', emphasis: 'i', code: 'code' } as const;

function spanHtml({ text, mark }: Span): string {
  const escaped = escapeHtml(text);
  if (mark === 'plain') return escaped;
  if (mark === 'link') return `<a href="${escaped}">${escaped}</a>`;
  return `<${tags[mark]}>${escaped}</${tags[mark]}>`;
}

/** How the lines of a shape are put together in HTML and in plain text. */
export const shapes = {
  paragraph: { open: '<p>', close: '</p>', before: '', after: '<br>', bullet: '' },
  heading: { open: '<h4>', close: '</h4>', before: '', after: '<br>', bullet: '' },
  list: { open: '<ul>', close: '</ul>', before: '<li>', after: '</li>', bullet: '• ' },
  preformatted: {
    open: '<pre><code>',
    close: '</code></pre>',
    before: '',
    after: '\n',
    bullet: '',
  },
} as const satisfies Record<Block['shape'], object>;

/** One line in both forms, with what belongs to it in its shape. */
export function writeLine(
  shape: Block['shape'],
  line: Line,
): { readonly html: string; readonly plain: string } {
  const { before, after, bullet } = shapes[shape];
  return {
    html: before + line.map(spanHtml).join('') + after,
    plain:
      bullet + line.map((span) => (span.mark === 'code' ? `\`${span.text}\`` : span.text)).join(''),
  };
}

/** Blocks as the HTML of `formatted_body` (tags of the spec's list only) and as the plain `body`. */
export function writeBlocks(blocks: readonly Block[]): {
  readonly html: string;
  readonly plain: string;
} {
  let html = '';
  const plain: string[] = [];
  for (const { shape, lines } of blocks) {
    const { open, close, after } = shapes[shape];
    const written = lines.map((line) => writeLine(shape, line));
    let inner = written.map((line) => line.html).join('');
    // Between lines, not after the last one.
    if (shape !== 'list' && inner.endsWith(after)) inner = inner.slice(0, -after.length);
    html += open + inner + close;
    plain.push(written.map((line) => line.plain).join('\n'));
  }
  return { html, plain: plain.join('\n\n') };
}
