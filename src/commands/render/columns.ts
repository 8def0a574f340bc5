/** Blanks between two columns. */
export const gap = 2;

/** Narrower than this, a column can't be read. */
const narrowest = 8;

/** Columns that a table with these column widths takes. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}

/**
 * Column widths for a table that must fit into `available` columns: narrow columns keep theirs, the
 * widest share what is left. Null: it can't be read at that width, show it row by row.
 */
export function fitColumns(widths: readonly number[], available: number): readonly number[] | null {
  if (tableWidth(widths) <= available) return widths;
  const widest = Math.max(0, ...widths);
  for (let cap = widest; cap >= narrowest; cap -= 1) {
    const capped = widths.map((width) => Math.min(width, cap));
    if (tableWidth(capped) <= available) return capped;
  }
  return null;
}
