import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookOf } from '../../../../src/commands/render/look.ts';
import { renderTerminal } from '../../../../src/commands/render/terminal.ts';
import { widthOf } from '../../../../src/commands/render/width.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { evil, samples } from './samples.ts';
import { propertyRuns } from '../../property-runs.ts';

const nodes = Object.values(samples).flatMap((sample) => sample.nodes);

describe('renderTerminal', () => {
  it('[#10] [#24] lets no data steer the terminal: every control character but the line feed is ours', () => {
    for (const width of [null, 40, 72]) {
      const plain = renderTerminal(nodes, 'en', { colour: false, width });
      expect(plain).not.toMatch(/[^\P{Cc}\n\t]/u);
      expect(plain).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ud800-\udfff]/u);
      const coloured = renderTerminal(nodes, 'en', { colour: true, width });
      const left = coloured.replace(/\u001b\[\d+m/g, '');
      expect(left).not.toMatch(/[^\P{Cc}\n\t]/u);
    }
  });

  it('keeps data on its own line, so that it cannot forge an outcome', () => {
    const page = renderTerminal(
      [{ type: 'fields', fields: [{ id: 'name', label: 'Name', value: evil }] }],
      'en',
      { colour: false, width: null },
    );
    expect(page.split('\n')).toHaveLength(2);
  });

  it('says of a cell that it holds nothing in the same words at any width', () => {
    const columns = ['Name', 'Last seen'].map((label) => ({ id: label, label }));
    const table: ReportNode = { type: 'table', id: 't', columns, rows: [['a'.repeat(30), null]] };
    for (const width of [null, 80, 16]) {
      expect(renderTerminal([table], 'en', { colour: false, width }), String(width)).toMatch(
        /none/,
      );
    }
  });

  it('fits every line but preformatted text into the width, wide characters counted', () => {
    const wrapped = nodes.filter((node) => node.type !== 'code');
    for (const language of ['en', 'zh'] as const) {
      for (const width of [30, 40, 60, 72, 120]) {
        for (const colour of [true, false]) {
          const page = renderTerminal(wrapped, language, { colour, width });
          for (const line of page.split('\n')) {
            expect(widthOf(stripVTControlCharacters(line)), line).toBeLessThanOrEqual(width);
          }
        }
      }
    }
  });

  it('loses no character of the data at any width', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 40 });
    const bare = (text: string): string => text.replace(/\s/g, '');
    fc.assert(
      fc.property(word, fc.integer({ min: 20, max: 80 }), fc.boolean(), (text, width, colour) => {
        const node: ReportNode = { type: 'paragraph', text };
        const wide = renderTerminal([node], 'en', { colour: false, width: null });
        const page = renderTerminal([node], 'en', { colour, width });
        expect(bare(stripVTControlCharacters(page))).toBe(bare(wide));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('shows every cell of a table at any width', () => {
    const cell = fc.stringMatching(/^[a-z0-9王小明]{1,25}$/);
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(table, fc.integer({ min: 20, max: 100 }), (rows, width) => {
        const columns = ['a', 'b', 'c'].map((id) => ({ id, label: id.toUpperCase() }));
        const node: ReportNode = { type: 'table', id: 't', columns, rows };
        const page = renderTerminal([node], 'en', { colour: false, width });
        for (const line of page.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
        const count = (text: string): Record<string, number> => {
          const seen: Record<string, number> = {};
          for (const character of text.replace(/[\sABC:─]/g, '')) {
            seen[character] = (seen[character] ?? 0) + 1;
          }
          return seen;
        };
        expect(count(page)).toEqual(count(rows.flat().join('')));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('[#25] shows a secret on the terminal only, and whole', () => {
    const secret: ReportNode = {
      type: 'secret',
      id: 'password',
      label: 'Password',
      value: new Secret('x'.repeat(100)),
    };
    const look = { colour: false, width: 40 };
    expect(renderTerminal([secret], 'en', look)).toBe(`Password: ${'x'.repeat(100)}\n`);
    expect(renderTerminal([secret], 'en', look, 'room')).toBe('Password: [secret]\n');
  });

  it('names commands as the place writes them', () => {
    const hint: ReportNode = {
      type: 'hint',
      text: { key: 'E_USER_EXISTS.next', params: { account: '`!x' } },
    };
    const look = { colour: false, width: null };
    expect(renderTerminal([hint], 'en', look)).toBe('→ `urtc user show `!x` shows it.\n');
    expect(renderTerminal([hint], 'en', look, 'room')).toBe('→ `!user show `!x` shows it.\n');
  });

  it('breaks no line between data and the mark that follows it', () => {
    const text = {
      key: 'E_SECRET_MODE' as const,
      params: { source: 'x'.repeat(12), mode: '0644' },
    };
    const page = renderTerminal([{ type: 'paragraph', text }], 'en', { colour: true, width: 30 });
    expect(page).toContain('0644).');
  });

  it('keeps blocks about one thing together, and those about several apart', () => {
    const block = (id: string, value: string): ReportNode => ({
      ...{ type: 'fields', id },
      fields: [{ id: 'name', label: 'Name', value }],
    });
    const page = (...shown: ReportNode[]): string =>
      renderTerminal(shown, 'en', { colour: false, width: null });
    expect(page(block('findings', 'a'), block('findings', 'b'))).toBe('Name: a\n\nName: b\n');
    expect(page(block('bot', 'a'), block('store', 'b'))).toBe('Name: a\nName: b\n');
  });

  it('shows nothing for nothing', () => {
    expect(renderTerminal([], 'en', { colour: true, width: 80 })).toBe('');
  });
});

describe('lookOf', () => {
  const tty = { isTTY: true, columns: 100 };
  it.each([
    [tty, {}, { colour: true, width: 100 }],
    [{ isTTY: true }, {}, { colour: true, width: 80 }],
    [{ isTTY: true, columns: 0 }, {}, { colour: true, width: 80 }],
    [{ isTTY: true, columns: 7 }, {}, { colour: true, width: 20 }],
    [tty, { NO_COLOR: '1' }, { colour: false, width: 100 }],
    [tty, { NO_COLOR: '' }, { colour: true, width: 100 }],
    [tty, { TERM: 'dumb' }, { colour: false, width: 100 }],
    [{}, {}, { colour: false, width: null }],
    [{}, { FORCE_COLOR: '1' }, { colour: true, width: null }],
    [{}, { FORCE_COLOR: '0' }, { colour: false, width: null }],
    [tty, { FORCE_COLOR: '1', NO_COLOR: '1' }, { colour: false, width: 100 }],
  ])('%j with %j: %j', (stream, environment, look) => {
    expect(lookOf(stream, environment)).toEqual(look);
  });
});
