import { graphemes } from '../../commands/render/width.ts';
import type { Block, Line, Span } from './block.ts';
import { escapeHtml, shapes, writeBlocks, writeLine } from './markup.ts';

/** Bytes that a text takes inside a JSON string in UTF-8, quotes not counted. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Bytes of both forms of a message as JSON. */
export function messageBytes(message: { readonly html: string; readonly plain: string }): number {
  return Buffer.byteLength(JSON.stringify({ body: message.plain, formatted_body: message.html }));
}

/** `{"body":"","formatted_body":""}` and room for a part's marker in both forms. */
const frame = 128;

/** Tags of a block and the blank line before it. */
function shapeBytes(shape: Block['shape']): number {
  return jsonBytes(shapes[shape].open) + jsonBytes(shapes[shape].close) + jsonBytes('\n\n');
}

function lineBytes(shape: Block['shape'], line: Line): number {
  const { html, plain } = writeLine(shape, line);
  return jsonBytes(html) + jsonBytes(plain) + jsonBytes('\n');
}

/** Pieces of a text that take at most `limit` bytes each, cut between characters as people see them. */
function cutText(text: string, limit: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  const put = (unit: string, size: number): void => {
    if (used > 0 && used + size > limit) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += unit;
    used += size;
  };
  const sizeOf = (unit: string): number => jsonBytes(unit) + jsonBytes(escapeHtml(unit));
  for (const character of graphemes(text)) {
    const size = sizeOf(character);
    // A "character" of thousands of stacked marks has to be cut somewhere.
    if (size > limit) for (const point of character) put(point, sizeOf(point));
    else put(character, size);
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** A line as it is if it takes at most `limit` bytes, else in several lines that do. */
function cutLine(shape: Block['shape'], line: Line, limit: number): readonly Line[] {
  if (lineBytes(shape, line) <= limit) return [line];
  const lines: Span[][] = [[]];
  for (const span of line) {
    for (const text of cutText(span.text, Math.floor(limit / 2))) {
      const current = lines.at(-1) ?? [];
      if (current.length > 0 && lineBytes(shape, [...current, { ...span, text }]) > limit) {
        lines.push([{ ...span, text }]);
      } else {
        current.push({ ...span, text });
      }
    }
  }
  return lines;
}

/** The least that a message must be allowed to hold; below it not every character would fit. */
export const leastBytes = 512;

/**
 * Blocks in parts of at most `maxBytes` each, cut between blocks or lines; a line that is longer than
 * a part is cut between characters, a block that goes on is closed and opened again. Null: it takes
 * more than `maxParts`. Throws a RangeError for less than {@link leastBytes}.
 */
export function splitBlocks(
  blocks: readonly Block[],
  maxBytes: number,
  maxParts: number,
): readonly (readonly Block[])[] | null {
  if (maxBytes < leastBytes) throw new RangeError(`a message of ${maxBytes} bytes holds nothing`);
  const room = maxBytes - frame;
  const parts: Block[][] = [[]];
  let free = room;
  let total = 0;
  const newPart = (): void => {
    if (parts.at(-1)?.length === 0) return;
    parts.push([]);
    free = room;
  };
  for (const { shape, lines } of blocks) {
    const around = shapeBytes(shape);
    // Known without cutting, which takes long for much text.
    total += lines.reduce((sum, line) => sum + lineBytes(shape, line), around);
    if (total > room * maxParts) return null;
    const cut = lines.flatMap((line) => cutLine(shape, line, room - around));
    const sizes = cut.map((line) => lineBytes(shape, line));
    const whole = sizes.reduce((sum, size) => sum + size, around);
    // A small block stays in one piece; a large one fills what is left.
    if (whole > free && whole <= room / 4) newPart();
    let open: Line[] | null = null;
    for (const [index, line] of cut.entries()) {
      const size = sizes[index] ?? 0;
      if (size + (open === null ? around : 0) > free) {
        newPart();
        open = null;
      }
      if (open === null) {
        open = [];
        parts.at(-1)?.push({ shape, lines: open });
        free -= around;
      }
      open.push(line);
      free -= size;
    }
  }
  return parts.length > maxParts ? null : parts;
}

/** Parts as messages; where there are several, each starts with `(2/5)`. */
export function writeParts(
  parts: readonly (readonly Block[])[],
): readonly { readonly html: string; readonly plain: string }[] {
  return parts.map((blocks, index) => {
    if (parts.length === 1) return writeBlocks(blocks);
    const marker: Block = {
      shape: 'paragraph',
      lines: [[{ text: `(${index + 1}/${parts.length})`, mark: 'plain' }]],
    };
    return writeBlocks([marker, ...blocks]);
  });
}
