import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** A colour with 8 bits each. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An image with at most 256 colours, each pixel the number of one. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #palette: readonly Colour[];
  readonly #pixels: Uint8Array;

  /** Filled with the first colour. */
  constructor(width: number, height: number, palette: readonly Colour[]) {
    this.width = width;
    this.height = height;
    this.#palette = palette;
    this.#pixels = new Uint8Array(width * height);
  }

  /** Colours one pixel; outside of the image nothing happens. */
  dot(x: number, y: number, colour: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.#pixels[y * this.width + x] = colour;
  }

  /** Number of the colour of a pixel. */
  at(x: number, y: number): number {
    return this.#pixels[y * this.width + x] ?? 0;
  }

  /** Fills a rectangle. */
  box(x: number, y: number, width: number, height: number, colour: number): void {
    for (let row = y; row < y + height; row += 1) {
      for (let column = x; column < x + width; column += 1) this.dot(column, row, colour);
    }
  }

  /** A line two pixels thick (Bresenham). */
  line(fromX: number, fromY: number, toX: number, toY: number, colour: number): void {
    const [dx, dy] = [Math.abs(toX - fromX), -Math.abs(toY - fromY)];
    const [stepX, stepY] = [fromX < toX ? 1 : -1, fromY < toY ? 1 : -1];
    let [x, y, error] = [fromX, fromY, dx + dy];
    const most = dx - dy;
    for (let steps = 0; steps <= most; steps += 1) {
      this.dot(x, y, colour);
      this.dot(x, y + 1, colour);
      if (x === toX && y === toY) return;
      const twice = 2 * error;
      if (twice >= dy) {
        error += dy;
        x += stepX;
      }
      if (twice <= dx) {
        error += dx;
        y += stepY;
      }
    }
  }

  /** As PNG with a palette (W3C PNG, 3rd edition; colour type 3). */
  png(): Uint8Array {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    // 8 bits, palette, and the only compression, filter method and interlace there are.
    header.set([8, 3, 0, 0, 0], 8);
    const rows = Buffer.alloc((this.width + 1) * this.height);
    for (let y = 0; y < this.height; y += 1) {
      // Filter 0 of each row stands before it.
      const row = this.#pixels.subarray(y * this.width, (y + 1) * this.width);
      rows.set(row, y * (this.width + 1) + 1);
    }
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('PLTE', Buffer.from(this.#palette.flat())),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}
