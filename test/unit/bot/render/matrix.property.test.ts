import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMatrix } from '../../../../src/bot/render/matrix.ts';
import { visibleBlock } from '../../../../src/commands/render/visible.ts';
import type { Outcome, ReportNode } from '../../../../src/core/report.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { evil } from '../../commands/render/samples.ts';
import { bare, eventBytes, readHtml, specTags } from './message-reader.ts';
import { anyCharacter } from '../../any-character.ts';

const data = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: anyCharacter, maxLength: 60 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 400 }) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, minLength: 900, maxLength: 3000 }) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom('<b>', '&amp;', '@room', '😀', '👩‍👩‍👧', '\n', '"', '\\', '`', evil))
      .map((list) => list.join('')),
  },
);
const outcomes = ['ok', 'warning', 'refused', 'failed', 'unknown', 'cancelled'] as const;
const outcome: fc.Arbitrary<Outcome> = fc.constantFrom(...outcomes);
const columns = ['a', 'b', 'c'].map((id) => ({ id, label: id }));

const nodeOf: fc.Arbitrary<ReportNode> = fc.oneof(
  fc.record({ type: fc.constant('title' as const), text: data }),
  fc.record({ type: fc.constant('outcome' as const), outcome, text: data }),
  fc.record({ type: fc.constant('paragraph' as const), text: data }),
  fc.record({ type: fc.constant('hint' as const), text: data }),
  fc.record({
    type: fc.constant('fields' as const),
    fields: fc.array(fc.record({ id: fc.constant('x'), label: data, value: data }), {
      maxLength: 6,
    }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    id: fc.constant('t'),
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(data, data, data), { maxLength: 6 }),
  }),
  fc.record({ type: fc.constant('list' as const), items: fc.array(data, { maxLength: 8 }) }),
  fc.record({ type: fc.constant('code' as const), content: data }),
);

/** The nodes with each piece of data under a number of its own, and these pieces in reading order. */
function numbered(nodes: readonly ReportNode[]): {
  readonly nodes: readonly ReportNode[];
  readonly pieces: readonly string[];
} {
  const pieces: string[] = [];
  const mark = (text: unknown): string => {
    const piece = `«${pieces.length}:${String(text)}»`;
    pieces.push(piece);
    return piece;
  };
  const marked = nodes.map((node): ReportNode => {
    switch (node.type) {
      case 'fields':
        return {
          ...node,
          fields: node.fields.map(({ id, label, value }) => ({
            id,
            label: mark(label),
            value: mark(value),
          })),
        };
      case 'table':
        return { ...node, rows: node.rows.map((row) => row.map(mark)) };
      case 'list':
        return { ...node, items: node.items.map(mark) };
      case 'code':
        return { ...node, content: mark(node.content) };
      case 'file':
      case 'secret':
        return node;
      default:
        return { ...node, text: mark(node.text) };
    }
  });
  return { nodes: marked, pieces };
}

/** Line breaks are breaks in code and pictures elsewhere, bullets stand before items: not compared. */
const plain = (text: string): string => bare(text).replace(/[␉␊␍•]/gu, '');

/** The first piece that a text does not hold behind the one before, or null. */
function missingIn(text: string, pieces: readonly string[]): string | null {
  const whole = plain(text);
  let from = 0;
  for (const piece of pieces) {
    const wanted = plain(visibleBlock(piece));
    const at = whole.indexOf(wanted, from);
    if (at === -1) return piece;
    from = at + wanted.length;
  }
  return null;
}

describe('renderMatrix, for any report', () => {
  const limits = fc.record({
    maxBytes: fc.integer({ min: 600, max: 6000 }),
    maxParts: fc.integer({ min: 1, max: 12 }),
    maxCodeBytes: fc.integer({ min: 200, max: 4000 }),
  });
  const reports = fc.array(nodeOf, { minLength: 1, maxLength: 8 });

  it('[#20] [#24] keeps the limit, is well-formed and holds all data in order', () => {
    const seen = { one: 0, split: 0, file: 0 };
    fc.assert(
      fc.property(reports, limits, fc.constantFrom(...languages), (report, limit, language) => {
        const { nodes, pieces } = numbered(report);
        const { messages, files } = renderMatrix(nodes, language, limit);
        expect(messages.length).toBeLessThanOrEqual(limit.maxParts);
        const texts = messages.map((message, index) => {
          expect(eventBytes(message)).toBeLessThanOrEqual(limit.maxBytes);
          expect(message.body + message.formattedBody).not.toMatch(/\p{Surrogate}/u);
          const { text, tags } = readHtml(message.formattedBody);
          for (const tag of tags) {
            expect(specTags).toContain(tag);
            expect(['table', 'a', 'img', 'span', 'div']).not.toContain(tag);
          }
          if (messages.length === 1) return { html: text, body: message.body };
          const marker = `(${index + 1}/${messages.length})`;
          expect(text.startsWith(marker) && message.body.startsWith(marker)).toBe(true);
          return { html: text.slice(marker.length), body: message.body.slice(marker.length) };
        });
        if (files.length > 0) {
          seen.file += 1;
          expect(messages).toHaveLength(1);
          expect(files).toHaveLength(1);
          const text = new TextDecoder('utf-8', { fatal: true }).decode(files[0]?.content);
          expect(missingIn(text, pieces)).toBeNull();
        } else {
          seen[messages.length === 1 ? 'one' : 'split'] += 1;
          expect(missingIn(texts.map((text) => text.html).join(''), pieces)).toBeNull();
          expect(missingIn(texts.map((text) => text.body).join(''), pieces)).toBeNull();
        }
      }),
      { numRuns: 200, plugins: [fc.interruptAfterTimeLimit(20_000)] },
    );
    // Each of the three ways was really taken.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  }, 30_000);
});
