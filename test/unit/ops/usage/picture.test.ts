import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../../src/core/sparkline.ts';
import { usagePicture } from '../../../../src/ops/usage/picture.ts';
import { Canvas } from '../../../../src/ops/usage/png.ts';
import { createSamples } from '../../../../src/platform/store/samples.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeNode } from '../../../fakes/objects.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

/** Reads back what the PNG specification says stands in a file with a palette. */
function readPng(file: Uint8Array) {
  const data = Buffer.from(file);
  expect(data.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < data.length;) {
    const length = data.readUInt32BE(at);
    chunks.set(data.toString('latin1', at + 4, at + 8), data.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const header = chunks.get('IHDR') ?? Buffer.alloc(0);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  const at = (x: number, y: number): number => rows[y * (width + 1) + 1 + x] ?? -1;
  return { width, height, at, names: [...chunks.keys()], rows };
}

describe('a picture', () => {
  it('is a PNG that says what was drawn', () => {
    const canvas = new Canvas(7, 5, [
      [255, 255, 255],
      [1, 2, 3],
    ]);
    canvas.box(1, 1, 2, 2, 1);
    canvas.line(6, 0, 6, 3, 1);
    canvas.dot(-1, 99, 1);
    const png = readPng(canvas.png());
    expect(png.names).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect([png.width, png.height, png.rows.length]).toEqual([7, 5, 40]);
    expect([png.at(0, 0), png.at(1, 1), png.at(2, 2), png.at(3, 3), png.at(6, 4)]).toEqual([
      ...[0, 1, 1, 0, 1],
    ]);
  });

  it('ends also where a line has nowhere to go, or a very long way', () => {
    const canvas = new Canvas(4, 4, [[0, 0, 0]]);
    canvas.line(1, 1, 1, 1, 1);
    canvas.line(-100_000, 3, 100_000, -3, 1);
    expect(canvas.at(1, 1)).toBe(1);
  });

  it('shows the samples of the node, and there is none before enough was measured', () => {
    const database = stateIn(tempFolder());
    const samples = createSamples(database);
    const span = { from: fakeNow - 3_600_000, to: fakeNow };
    expect(usagePicture(samples, fakeNode(), span)).toBeNull();
    for (let minute = 60; minute >= 0; minute -= 1) {
      const values = new Map([
        ['node/node-1/cpu', 1000],
        ['node/node-1/memory', (minute / 60) * 8 * 1024 ** 3],
      ]);
      samples.add(fakeNow - minute * 60_000, values, 86_400_000);
    }
    const picture = usagePicture(samples, fakeNode(), span);
    const png = readPng(picture?.content ?? new Uint8Array());
    expect([png.width, png.height]).toEqual([800, 320]);
    const column = (x: number) => Array.from({ length: 320 }, (_, y) => png.at(x, y));
    // A quarter of the processor all the time; memory from full to nothing.
    expect(column(200).indexOf(3)).toBe(34 + Math.round(239 * 0.75));
    expect(column(70).indexOf(4)).toBeLessThan(50);
    expect(column(760).indexOf(4)).toBeGreaterThan(250);
    expect(picture?.picture?.lines[1]?.values.at(-1)).toBe(0);
    database.close();
  });
});

describe('a line of bars', () => {
  it('takes the largest of each share', () => {
    expect(sparkline([0, 0.5, 1], 10)).toBe('▁▅█');
    expect(sparkline([0, 0, 0, 1, 0, 0], 3)).toBe('▁█▁');
    expect(sparkline([-1, 2], 2)).toBe('▁█');
    expect(sparkline([], 5)).toBe('');
  });
});

describe('samples', () => {
  it('are kept for their time, each series by itself', () => {
    const database = stateIn(tempFolder());
    const samples = createSamples(database);
    for (let at = 0; at < 10; at += 1) samples.add(at, new Map([['a', at]]), 5);
    samples.add(3, new Map([['a/b', 1]]), 5);
    expect(samples.range('a', 0).map(({ at }) => at)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(samples.latest('a')).toEqual({ at: 9, value: 9 });
    expect(samples.latest('none')).toBeNull();
    expect(samples.names('a', 0)).toEqual(['a', 'a/b']);
    expect(samples.names('a/', 4)).toEqual([]);
    database.close();
  });
});
