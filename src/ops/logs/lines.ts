/** A longer line is cut (UTF-16 code units); how much more there was is said at its end. */
export const longestLine = 4000;

function cut(line: string, dropped: number): string {
  const more = dropped + Math.max(0, line.length - longestLine);
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return more === 0 ? text : `${text.slice(0, longestLine)}… (+${more})`;
}

/**
 * Lines of a stream of bytes (UTF-8; what is none becomes `�`), in groups as they come, so that a
 * log of millions of lines is not millions of turns. A last line without a line break counts, too.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let dropped = 0;
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    const [first] = parts;
    if (first !== undefined) {
      const lines = [cut(first, dropped), ...parts.slice(1).map((line) => cut(line, 0))];
      dropped = 0;
      yield lines;
    }
    // Of a line that never ends only the beginning is kept.
    if (rest.length > longestLine) {
      dropped += rest.length - longestLine;
      rest = rest.slice(0, longestLine);
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield [cut(rest, dropped)];
}
