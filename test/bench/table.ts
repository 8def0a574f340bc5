import { missed, ratioOf, targetText, type Figure } from './figure.ts';

const heads = ['measured', 'ours', 'baseline', 'ratio', 'target', ''] as const;

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const cellsOf = (figure: Figure, isJudged: boolean): string[] => {
  const ratio = ratioOf(figure);
  const isGood = missed(figure).length === 0;
  const verdict = !isJudged || figure.targets.length === 0 ? '' : isGood ? 'holds' : 'MISSED';
  return [
    figure.name,
    `${number(figure.ours)} ${figure.unit}`,
    figure.baseline === null ? '–' : `${number(figure.baseline)} ${figure.unit}`,
    ratio === null ? '–' : `${ratio.toFixed(2)}×`,
    figure.targets.map((target) => targetText(figure, target)).join(', ') || '–',
    verdict,
  ];
};

/** The figures as a table for people; what each is made of stands below. */
export const table = (figures: readonly Figure[], isJudged: boolean): string => {
  const rows = [[...heads], ...figures.map((figure) => cellsOf(figure, isJudged))];
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  const notes = figures.map(({ name, note }) => `${name}: ${note}`);
  return `${lines.join('\n')}\n\n${notes.join('\n')}\n`;
};
