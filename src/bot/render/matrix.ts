import { plainOf } from '../../commands/render/runs.ts';
import { renderTerminal } from '../../commands/render/terminal.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Block } from './block.ts';
import { blocksOf, outcomeHead } from './blocks-of.ts';
import { messageBytes, splitBlocks, writeParts } from './split.ts';
import { writeBlocks } from './markup.ts';

/** How much a message may hold. */
export interface MatrixLimits {
  /**
   * Bytes of `{"body":…,"formatted_body":…}` as JSON in UTF-8, at least 512. An edit holds its text
   * twice: halve it there.
   */
  readonly maxBytes: number;
  /** More messages than this become one short message and a file. */
  readonly maxParts: number;
  /** Longer preformatted text (bytes of a `code` node) makes the whole answer a file as well. */
  readonly maxCodeBytes: number;
}

/** Fits Synapse's event limit of 65 536 bytes also when the base64 of an encryption is put on top. */
export const defaultLimits: MatrixLimits = { maxBytes: 40_000, maxParts: 4, maxCodeBytes: 20_000 };

/**
 * Text of one message. The sender adds `msgtype`, `format: org.matrix.custom.html`, and always
 * `m.mentions: {}`, so that no text from data can notify anybody (spec: user and room mentions).
 */
export interface MatrixMessage {
  readonly body: string;
  readonly formattedBody: string;
}

/** A file to be uploaded and sent as `m.file` or `m.image` after the messages. */
export interface MatrixFile {
  readonly name: string;
  readonly mimetype: string;
  readonly content: Uint8Array;
  /** Pixels; sent as `m.image`, with its description as the text. */
  readonly picture?: { readonly width: number; readonly height: number; readonly alt: string };
}

/** An answer as the room gets it: messages in order, then files. */
export interface MatrixAnswer {
  readonly messages: readonly [MatrixMessage, ...MatrixMessage[]];
  readonly files: readonly MatrixFile[];
}

const fileName = 'answer.txt';

/** Blocks as one message, whatever its size. */
export function messageOf(blocks: readonly Block[]): MatrixMessage {
  const { html, plain } = writeBlocks(blocks);
  return { body: plain, formattedBody: html };
}

function matrixFile(
  { name, mimetype, content, picture }: Extract<ReportNode, { type: 'file' }>,
  language: Language,
): MatrixFile {
  if (picture === undefined) return { name, mimetype, content };
  const { width, height, alt } = picture;
  return {
    name,
    mimetype,
    content,
    picture: { width, height, alt: plainOf(alt, language, 'room') },
  };
}

/** Everything in a text file, tables as tables. */
function textFile(nodes: readonly ReportNode[], language: Language): MatrixFile {
  const text = renderTerminal(nodes, language, { colour: false, width: null }, 'room');
  return {
    name: fileName,
    mimetype: 'text/plain; charset=utf-8',
    content: new TextEncoder().encode(text),
  };
}

/** What stays in the message when the whole is in a file: its title, how it ended, and `kept`. */
function shortBlocks(
  nodes: readonly ReportNode[],
  language: Language,
  notice: ReportNode,
  maxBytes: number,
  kept: ReadonlySet<ReportNode>,
): readonly Block[] {
  const blocksFor = (node: ReportNode): readonly Block[] => blocksOf(node, language);
  const must = [notice, ...nodes.filter((node) => kept.has(node))];
  let free = maxBytes - messageBytes(writeBlocks(must.flatMap(blocksFor)));
  const before: Block[] = [];
  const put = (blocks: readonly Block[]): boolean => {
    const bytes = messageBytes(writeBlocks(blocks));
    if (bytes > free) return false;
    before.push(...blocks);
    free -= bytes;
    return true;
  };
  for (const node of nodes) {
    if (kept.has(node) || (node.type !== 'title' && node.type !== 'outcome')) continue;
    if (!put(blocksFor(node)) && node.type === 'outcome') {
      put([{ shape: 'paragraph', lines: [outcomeHead(node.outcome, language)] }]);
    }
  }
  return [...before, ...must.flatMap(blocksFor)];
}

/**
 * Turns report nodes into messages within the limits; nothing is cut: what is too long is split or
 * becomes a file. Nodes in `kept` stay in the message also then; they must be short. Throws a
 * RangeError for limits that hold nothing.
 */
export function renderMatrix(
  nodes: readonly ReportNode[],
  language: Language,
  limits: MatrixLimits = defaultLimits,
  kept: ReadonlySet<ReportNode> = new Set(),
): MatrixAnswer {
  const files: MatrixFile[] = nodes.flatMap((node) =>
    node.type === 'file' ? [matrixFile(node, language)] : [],
  );
  const longCode = nodes.some(
    (node) => node.type === 'code' && Buffer.byteLength(node.content) > limits.maxCodeBytes,
  );
  if (!longCode) {
    const parts = splitBlocks(
      nodes.flatMap((node) => blocksOf(node, language)),
      limits.maxBytes,
      limits.maxParts,
    );
    if (parts !== null) {
      const [first = { html: '', plain: '' }, ...others] = writeParts(parts);
      const message = (part: typeof first): MatrixMessage => ({
        body: part.plain,
        formattedBody: part.html,
      });
      return { messages: [message(first), ...others.map(message)], files };
    }
  }
  const file = textFile(nodes, language);
  const notice: ReportNode = {
    type: 'paragraph',
    text: say('render.in_file', { name: file.name, size: { bytes: file.content.byteLength } }),
  };
  const short = shortBlocks(nodes, language, notice, limits.maxBytes, kept);
  return { messages: [messageOf(short)], files: [file, ...files] };
}
