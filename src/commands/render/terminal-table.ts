import { fitColumns, gap } from './columns.ts';
import { pad, widthOf } from './width.ts';
import { wrapRuns } from './wrap.ts';

/** A table of safe text; rows may be ragged, missing cells are empty. */
export interface TextTable {
  readonly labels: readonly string[];
  readonly aligns: readonly ('left' | 'right')[];
  readonly cells: readonly (readonly string[])[];
}

/** Width that each column would like to have. */
export function naturalWidths(table: TextTable): readonly number[] {
  return table.labels.map((label, column) =>
    table.cells.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), widthOf(label)),
  );
}

function rowLines(
  row: readonly string[],
  widths: readonly number[],
  aligns: TextTable['aligns'],
): readonly string[] {
  const wrapped = widths.map((width, column) =>
    wrapRuns([{ text: row[column] ?? '', code: false }], width).map((line) =>
      line.map((run) => run.text).join(''),
    ),
  );
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    widths
      .map((width, column) => pad(wrapped[column]?.[at] ?? '', width, aligns[column] ?? 'left'))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/**
 * The lines of a table, cells wrapped so that it fits into `available` columns (null: any width);
 * null where it can't be read at that width. `head` paints the labels.
 */
export function tableLines(
  table: TextTable,
  available: number | null,
  head: (line: string) => string = (line) => line,
): readonly string[] | null {
  const natural = naturalWidths(table);
  const widths = available === null ? natural : fitColumns(natural, available);
  if (widths === null) return null;
  return [
    ...rowLines(table.labels, widths, table.aligns).map(head),
    widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)),
    ...table.cells.flatMap((row) => rowLines(row, widths, table.aligns)),
  ];
}
