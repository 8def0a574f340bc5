import { outcomeIcons, outcomeWord } from '../../commands/render/outcome.ts';
import { plainOf, type Run, runsOf } from '../../commands/render/runs.ts';
import { naturalWidths, tableLines } from '../../commands/render/terminal-table.ts';
import { tableWidth } from '../../commands/render/columns.ts';
import { visibleBlock } from '../../commands/render/visible.ts';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { type Block, line, type Line, type Mark, type Span } from './block.ts';

/** Wider tables are shown row by row: more does not fit on a phone. */
const widestTable = 60;

/** Letters that are written from right to left. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * What clients make a mention or a link to a person of, even where nobody is notified, and what
 * stands between our own fields, so that data can't pose as one.
 */
const misleading = /@room|matrix\.to|matrix:|·/i;

/** Keeps letters that run the other way from moving what stands beside them (UAX #9, isolates). */
function isolate(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

function spanOf(run: Run, mark: Mark): Span {
  if (run.link === true) return { text: run.text, mark: 'link' };
  // Clients look for mentions and links everywhere but in code.
  const code = run.code || misleading.test(run.text);
  return { text: isolate(run.text), mark: code ? 'code' : mark };
}

function lineOf(text: Text, language: Language, mark: Mark = 'plain'): Line {
  return runsOf(text, language, 'room').map((run) => spanOf(run, mark));
}

function fieldLine(label: Text, value: Text, language: Language): Line {
  return [
    ...lineOf(label, language, 'strong'),
    ...lineOf(say('render.colon'), language),
    ...lineOf(value, language),
  ];
}

function tableBlocks(
  node: Extract<ReportNode, { type: 'table' }>,
  language: Language,
): readonly Block[] {
  if (node.rows.length === 0) {
    return [
      {
        shape: 'paragraph',
        lines: [lineOf(node.none ?? say('render.no_rows'), language, 'emphasis')],
      },
    ];
  }
  const plain = (text: Text): string => isolate(plainOf(text, language, 'room'));
  const table = {
    labels: node.columns.map((column) => plain(column.label)),
    aligns: node.columns.map((column) => column.align ?? 'left'),
    cells: node.rows.map((row) => row.map(plain)),
  };
  const lines = tableWidth(naturalWidths(table)) <= widestTable ? tableLines(table, null) : null;
  if (lines !== null) return [{ shape: 'preformatted', lines: lines.map((text) => line(text)) }];
  return node.rows.map((row) => ({ shape: 'paragraph', lines: rowLines(node, row, language) }));
}

/** Two lines a row: what it is about, then the rest in one go. A cell that holds nothing is left out. */
function rowLines(
  { columns }: Extract<ReportNode, { type: 'table' }>,
  row: readonly Text[],
  language: Language,
): readonly Line[] {
  const [subject, ...rest] = columns.flatMap(({ label }, at) => {
    const value = row[at] ?? null;
    return value === null || value === '' ? [] : [fieldLine(label, value, language)];
  });
  const details = rest.flatMap((field, at) => (at === 0 ? field : [...line(' · '), ...field]));
  return [...(subject === undefined ? [] : [subject]), ...(rest.length === 0 ? [] : [details])];
}

/** A report node as blocks of a message. The content of a file is not in them, only its name. */
export function blocksOf(node: ReportNode, language: Language): readonly Block[] {
  const paragraph = (...lines: readonly Line[]): readonly Block[] => [
    { shape: 'paragraph', lines },
  ];
  switch (node.type) {
    case 'title':
      return [{ shape: 'heading', lines: [lineOf(node.text, language)] }];
    case 'outcome':
      return paragraph([...outcomeHead(node.outcome, language), ...lineOf(node.text, language)]);
    case 'paragraph':
      return paragraph(lineOf(node.text, language));
    case 'hint':
      return paragraph([...line('→ '), ...lineOf(node.text, language)]);
    case 'fields':
      return node.fields.length === 0
        ? []
        : paragraph(...node.fields.map(({ label, value }) => fieldLine(label, value, language)));
    case 'table':
      return tableBlocks(node, language);
    case 'list':
      return node.items.length === 0
        ? []
        : [{ shape: 'list', lines: node.items.map((item) => lineOf(item, language)) }];
    case 'code': {
      const lines = visibleBlock(node.content).replace(/\n$/, '').split('\n');
      return [{ shape: 'preformatted', lines: lines.map((text) => line(text)) }];
    }
    case 'file': {
      if (node.picture !== undefined) return paragraph(lineOf(node.picture.alt, language));
      const size = { bytes: node.content.byteLength };
      return paragraph(lineOf(say('render.file', { name: node.name, size }), language));
    }
    case 'secret':
      // A room never gets it (src/core/report.ts).
      return paragraph(fieldLine(node.label, node.value.toString(), language));
    default:
      return node satisfies never;
  }
}

/** Icon and word of an outcome, up to where its text starts. */
export function outcomeHead(
  outcome: Extract<ReportNode, { type: 'outcome' }>['outcome'],
  language: Language,
): Line {
  return [
    ...line(`${outcomeIcons[outcome]} `),
    ...lineOf(outcomeWord(outcome), language, 'strong'),
    ...lineOf(say('render.colon'), language),
  ];
}
