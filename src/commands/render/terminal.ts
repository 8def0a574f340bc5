import type { ReportNode } from '../../core/report.ts';
import type { Language } from '../../core/words/index.ts';

/** What the reader's terminal can show. */
export interface TerminalLook {
  readonly colour: boolean;
  /** Columns; null where the output is no terminal: nothing is wrapped then. */
  readonly width: number | null;
}

/**
 * The look for a stream: plain when it is no TTY, with `NO_COLOR` (no-color.org) or `TERM=dumb`;
 * coloured with `FORCE_COLOR` (not `0`). `--no-color` is the caller's `colour: false`.
 */
export function lookOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalLook {
  throw new Error(`not written yet ${String(stream.isTTY)} ${String(environment['NO_COLOR'])}`);
}

/** A page of text that ends with a line break (empty for no nodes). Nothing in data can steer the terminal. */
export function renderTerminal(
  nodes: readonly ReportNode[],
  language: Language,
  look: TerminalLook,
): string {
  throw new Error(`not written yet ${String(nodes.length)} ${language} ${String(look.colour)}`);
}

/** The files of an answer, which a page can only name: the terminal surface saves them or says where they are. */
export function filesOf(
  nodes: readonly ReportNode[],
): readonly Extract<ReportNode, { type: 'file' }>[] {
  return nodes.filter((node) => node.type === 'file');
}
