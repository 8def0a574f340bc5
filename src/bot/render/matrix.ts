import type { ReportNode } from '../../core/report.ts';
import type { Language } from '../../core/words/index.ts';

/** How much a message may hold. */
export interface MatrixLimits {
  /** Bytes of `{"body":…,"formatted_body":…}` as JSON in UTF-8. An edit holds its text twice: halve it there. */
  readonly maxBytes: number;
  /** More messages than this become one short message and a file. */
  readonly maxParts: number;
  /** A `code` node with more bytes than this goes into a file as well. */
  readonly maxCodeBytes: number;
}

/** Fits Synapse's event limit of 65 536 bytes also when base64 of an encryption is put on top. */
export const defaultLimits: MatrixLimits = { maxBytes: 40_000, maxParts: 4, maxCodeBytes: 20_000 };

/**
 * Text of one message. The sender adds `msgtype`, `format: org.matrix.custom.html`, and always
 * `m.mentions: {}`, so that no text from data can notify anybody (spec: user and room mentions).
 */
export interface MatrixMessage {
  readonly body: string;
  readonly formattedBody: string;
}

/** A file to be uploaded and sent as `m.file` after the messages. */
export interface MatrixFile {
  readonly name: string;
  readonly mimetype: string;
  readonly content: Uint8Array;
}

/** An answer as the room gets it: messages in order (at least one), then files. */
export interface MatrixAnswer {
  readonly messages: readonly [MatrixMessage, ...MatrixMessage[]];
  readonly files: readonly MatrixFile[];
}

/** Turns report nodes into messages within the limits; nothing is cut: what is too long is split or becomes a file. */
export function renderMatrix(
  nodes: readonly ReportNode[],
  language: Language,
  limits: MatrixLimits = defaultLimits,
): MatrixAnswer {
  throw new Error(`not written yet ${String(nodes.length)} ${language} ${String(limits.maxBytes)}`);
}
