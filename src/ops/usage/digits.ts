import type { Canvas } from './png.ts';

/** What a picture is labelled with, 3 by 5 pixels each, a row a number of three bits. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  ':': [0, 2, 0, 2, 0],
  '%': [5, 1, 2, 4, 5],
  C: [7, 4, 4, 4, 7],
  P: [7, 5, 7, 4, 4],
  U: [5, 5, 5, 5, 7],
  R: [6, 5, 6, 5, 5],
  A: [2, 5, 7, 5, 5],
  M: [5, 7, 7, 5, 5],
};

/** Width of a text in pixels. */
export function textWidth(text: string, scale: number): number {
  return text.length * 4 * scale - scale;
}

/** Writes digits, `:`, `%` and the letters of CPU and RAM; other characters are left blank. */
export function writeText(
  canvas: Canvas,
  text: string,
  place: { readonly x: number; readonly y: number; readonly scale: number },
  colour: number,
): void {
  const { x, y, scale } = place;
  Array.from(text).forEach((character, index) => {
    (glyphs[character] ?? []).forEach((bits, row) => {
      for (let column = 0; column < 3; column += 1) {
        if ((bits & (4 >> column)) === 0) continue;
        canvas.box(x + (index * 4 + column) * scale, y + row * scale, scale, scale, colour);
      }
    });
  });
}
