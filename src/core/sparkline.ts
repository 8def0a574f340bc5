const bars = '▁▂▃▄▅▆▇█';

/** Values between 0 and 1 as bars, `width` at most: each bar is the largest of its share. */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(width, values.length);
  let text = '';
  for (let at = 0; at < count; at += 1) {
    const [first, end] = [(at * values.length) / count, ((at + 1) * values.length) / count];
    const share = values.slice(Math.floor(first), Math.max(Math.floor(first) + 1, Math.floor(end)));
    const level = Math.min(1, Math.max(0, ...share));
    text += bars[Math.min(bars.length - 1, Math.floor(level * bars.length))] ?? '';
  }
  return text;
}
