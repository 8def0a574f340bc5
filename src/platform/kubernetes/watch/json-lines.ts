/** Longest line of a watch, bytes. An object is at most about 1.5 MB (etcd, request size limit). */
const longestLine = 8 * 1024 * 1024;

const lineFeed = 0x0a;

/** The lines of a stream, without their ends, empty ones left out. Throws on one that is too long. */
export async function* linesOf(
  stream: AsyncIterable<unknown>,
  longest = longestLine,
): AsyncGenerator<string> {
  // Parts of a line that is not complete yet; put together once, when it is.
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    if (!Buffer.isBuffer(part)) throw new TypeError('a stream of bytes was expected');
    let from = 0;
    for (let end = part.indexOf(lineFeed); end !== -1; end = part.indexOf(lineFeed, from)) {
      const line = Buffer.concat([...parts, part.subarray(from, end)]).toString('utf8');
      parts = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    const rest = part.subarray(from);
    size += rest.length;
    if (size > longest) throw new RangeError(`a line of more than ${longest} bytes`);
    if (rest.length > 0) parts.push(rest);
  }
  const last = Buffer.concat(parts).toString('utf8');
  if (last.trim() !== '') yield last;
}
