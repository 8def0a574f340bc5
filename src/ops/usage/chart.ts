import { textWidth, writeText } from './digits.ts';
import { Canvas, type Colour } from './png.ts';

/** A value at a moment; `part`: of 1. */
export interface ChartPoint {
  readonly at: number;
  readonly part: number;
}

/** What a chart shows: two lines between 0 and 100 %. */
export interface ChartInput {
  readonly cpu: readonly ChartPoint[];
  readonly memory: readonly ChartPoint[];
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Minutes that the reader's clock is ahead of UTC. */
  readonly offsetMinutes: number;
}

/** Size of the picture: fits a phone's width twice over. */
export const chartSize = { width: 800, height: 320 } as const;

const colours = { paper: 0, grid: 1, ink: 2, cpu: 3, memory: 4 } as const;
const palette: readonly Colour[] = [
  [255, 255, 255],
  [222, 226, 230],
  [73, 80, 87],
  [25, 113, 194],
  [232, 89, 12],
];
const plot = { x: 60, y: 34, width: 716, height: 240 } as const;
const minute = 60_000;
/** Samples further apart than this are not joined: nobody measured in between. */
const gapMs = 5 * minute;

/** Draws processor and memory over time as PNG. */
export function drawChart(input: ChartInput): Uint8Array {
  const canvas = new Canvas(chartSize.width, chartSize.height, palette);
  grid(canvas, input);
  line(canvas, input, input.memory, colours.memory);
  line(canvas, input, input.cpu, colours.cpu);
  canvas.box(plot.x, 12, 24, 8, colours.cpu);
  writeText(canvas, 'CPU', { x: plot.x + 32, y: 11, scale: 2 }, colours.ink);
  canvas.box(plot.x + 90, 12, 24, 8, colours.memory);
  writeText(canvas, 'RAM', { x: plot.x + 122, y: 11, scale: 2 }, colours.ink);
  return canvas.png();
}

function grid(canvas: Canvas, { from, to, offsetMinutes }: ChartInput): void {
  for (const percent of [0, 25, 50, 75, 100]) {
    const y = plot.y + Math.round(plot.height * (1 - percent / 100));
    canvas.box(plot.x, y, plot.width, 1, colours.grid);
    const text = `${percent}%`;
    const x = plot.x - 8 - textWidth(text, 2);
    writeText(canvas, text, { x, y: y - 5, scale: 2 }, colours.ink);
  }
  const hours = (to - from) / (60 * minute);
  const every = [1, 2, 3, 6, 12, 24].find((each) => hours / each <= 8) ?? 24;
  const step = every * 60 * minute;
  const offset = offsetMinutes * minute;
  for (let at = Math.ceil((from + offset) / step) * step - offset; at <= to; at += step) {
    const x = xOf(at, from, to);
    canvas.box(x, plot.y, 1, plot.height, colours.grid);
    const text = new Date(at + offset).toISOString().slice(11, 16);
    const left = Math.min(x - textWidth(text, 2) / 2, chartSize.width - textWidth(text, 2) - 2);
    writeText(
      canvas,
      text,
      { x: Math.round(left), y: plot.y + plot.height + 12, scale: 2 },
      colours.ink,
    );
  }
}

function xOf(at: number, from: number, to: number): number {
  return plot.x + Math.round(((at - from) / Math.max(1, to - from)) * (plot.width - 1));
}

function line(
  canvas: Canvas,
  { from, to }: ChartInput,
  points: readonly ChartPoint[],
  colour: number,
): void {
  const yOf = (part: number): number =>
    plot.y + Math.round((plot.height - 1) * (1 - Math.min(1, Math.max(0, part))));
  points.forEach((point, index) => {
    const before = points[index - 1];
    const isJoined = before !== undefined && point.at - before.at <= gapMs;
    const start = isJoined ? before : point;
    canvas.line(
      ...([xOf(start.at, from, to), yOf(start.part)] as const),
      ...([xOf(point.at, from, to), yOf(point.part)] as const),
      colour,
    );
  });
}
