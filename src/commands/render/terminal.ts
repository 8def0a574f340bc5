import picocolors from 'picocolors';
import type { Field, Outcome, Picture, ReportNode } from '../../core/report.ts';
import { sparkline } from '../../core/sparkline.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { TerminalLook } from './look.ts';
import { outcomeIcons, outcomeWord } from './outcome.ts';
import { markCode, type Place, plainOf, type Run, runsOf } from './runs.ts';
import { tableLines } from './terminal-table.ts';
import { visibleBlock, visibleInline } from './visible.ts';
import { pad, widthOf } from './width.ts';
import { wrapRuns } from './wrap.ts';

type Paint = (text: string) => string;
type Node<Type extends ReportNode['type']> = Extract<ReportNode, { type: Type }>;

const asIs: Paint = (text) => text;

interface Layout {
  /** Before the first line. */
  readonly head: string;
  /** Columns left free before the other lines. */
  readonly indent: number;
  readonly paint?: Paint;
  /** Default: `paint`. */
  readonly paintHead?: Paint;
}

/** Draws one node after the other for one look, language and place. */
class Page {
  readonly #language: Language;
  readonly #width: number | null;
  readonly #place: Place;
  readonly #colours: ReturnType<typeof picocolors.createColors>;

  constructor(language: Language, look: TerminalLook, place: Place) {
    this.#language = language;
    this.#width = look.width;
    this.#place = place;
    this.#colours = picocolors.createColors(look.colour);
  }

  /** The lines of a node; no line break in them. */
  draw(node: ReportNode): readonly string[] {
    switch (node.type) {
      case 'title':
        return this.#text(node.text, '', this.#colours.bold);
      case 'outcome':
        return this.#outcome(node);
      case 'paragraph':
        return this.#text(node.text);
      case 'hint':
        return this.#text(node.text, '→ ', this.#colours.dim);
      case 'fields':
        return this.#fields(node.fields);
      case 'table':
        return this.#table(node);
      case 'list':
        return node.items.flatMap((item) => this.#text(item, '• '));
      case 'code':
        return visibleBlock(node.content).replace(/\n$/, '').split('\n');
      case 'file':
        if (node.picture !== undefined) return this.#picture(node.picture);
        return this.#text(
          say('render.file', { name: node.name, size: { bytes: node.content.byteLength } }),
        );
      case 'secret': {
        // Whole and unwrapped: it is there to be copied.
        const label = this.#plain(node.label) + this.#plain(say('render.colon'));
        const shown = this.#place === 'terminal' ? node.value.reveal() : node.value.toString();
        return [this.#colours.bold(label) + visibleInline(shown)];
      }
      default:
        return node satisfies never;
    }
  }

  /** A screen of letters shows the lines as bars, each with its last value. */
  #picture({ alt, lines }: Picture): readonly string[] {
    const labels = lines.map(({ label }) => this.#plain(label) + this.#plain(say('render.colon')));
    const column = Math.max(0, ...labels.map(widthOf));
    const room = Math.max(8, Math.min(60, (this.#width ?? 80) - column - 6));
    const bars = lines.map(({ values }, at) => {
      const last = Math.round((values.at(-1) ?? 0) * 100);
      return `${pad(labels[at] ?? '', column, 'left')}${sparkline(values, room)} ${last} %`;
    });
    return [...this.#text(alt), ...bars];
  }

  #plain(text: Text): string {
    return plainOf(text, this.#language, this.#place);
  }

  /** Wrapped text; as much as `head` takes before the first line is left free before the others. */
  #text(text: Text, head = '', paint?: Paint): readonly string[] {
    return this.#runs(runsOf(text, this.#language, this.#place), {
      head,
      indent: widthOf(head),
      ...(paint === undefined ? {} : { paint }),
    });
  }

  #runs(runs: readonly Run[], layout: Layout): readonly string[] {
    // Without colour, code keeps its back-ticks; they count for the width.
    const marked = this.#colours.isColorSupported ? runs : [{ text: markCode(runs), code: false }];
    const { head, indent, paint = asIs, paintHead = paint } = layout;
    const width = this.#width;
    const lines =
      width === null
        ? [marked]
        : wrapRuns(marked, Math.max(1, width - indent), widthOf(head) - indent);
    return lines.map((line, index) => {
      const drawn = line.map((run) => (run.code ? this.#colours.cyan(run.text) : paint(run.text)));
      return (
        (index > 0 ? ' '.repeat(indent) : head.trim() === '' ? head : paintHead(head)) +
        drawn.join('')
      );
    });
  }

  #outcome(node: Node<'outcome'>): readonly string[] {
    const word = this.#plain(outcomeWord(node.outcome)) + this.#plain(say('render.colon'));
    return this.#runs(runsOf(node.text, this.#language, this.#place), {
      head: `${outcomeIcons[node.outcome]} ${word}`,
      indent: 0,
      paint: asIs,
      paintHead: this.#paintFor(node.outcome),
    });
  }

  #paintFor(outcome: Outcome): Paint {
    const { green, yellow, red } = this.#colours;
    if (outcome === 'ok') return green;
    return outcome === 'failed' || outcome === 'refused' ? red : yellow;
  }

  #fields(fields: readonly Field[]): readonly string[] {
    const colon = this.#plain(say('render.colon'));
    const labels = fields.map((field) => this.#plain(field.label) + colon);
    // A label that is wider than a third of the page does not push all the values aside.
    const room = Math.floor((this.#width ?? 90) / 3);
    const fitting = labels.map(widthOf).filter((width) => width <= room);
    const column = Math.max(0, ...fitting);
    return fields.flatMap((field, index) => {
      const label = pad(labels[index] ?? '', column, 'left');
      const runs = runsOf(field.value, this.#language, this.#place);
      const paintHead = this.#colours.bold;
      if (widthOf(label) <= column) {
        return this.#runs(runs, { head: label, indent: column, paintHead });
      }
      const head = ' '.repeat(column);
      return [paintHead(label.trimEnd()), ...this.#runs(runs, { head, indent: column })];
    });
  }

  #table(node: Node<'table'>): readonly string[] {
    if (node.rows.length === 0)
      return this.#text(node.none ?? say('render.no_rows'), '', this.#colours.dim);
    const cells = node.rows.map((row) => row.map((cell) => this.#plain(cell)));
    const labels = node.columns.map((column) => this.#plain(column.label));
    const aligns = node.columns.map((column) => column.align ?? 'left');
    const lines = tableLines({ labels, aligns, cells }, this.#width, this.#colours.bold);
    if (lines !== null) return lines;
    return node.rows.flatMap((row, index) => {
      // A cell that is not there is empty; one that holds nothing says so, as it does in the table.
      const value = (at: number): Text => (at < row.length ? (row[at] ?? null) : '');
      const fields = node.columns.map((column, at) => ({ ...column, value: value(at) }));
      return [...(index === 0 ? [] : ['']), ...this.#fields(fields)];
    });
  }
}

/** Blocks of one kind, each about another thing, e.g. findings. */
function isNextOfGroup(before: ReportNode, node: ReportNode): boolean {
  const isBlock = before.type === 'fields' && node.type === 'fields';
  return isBlock && node.id !== undefined && before.id === node.id;
}

/** Nodes that stand close to the one before, without a blank line between. */
function follows(before: ReportNode, node: ReportNode): boolean {
  if (isNextOfGroup(before, node)) return false;
  return (
    before.type === 'title' ||
    (before.type === node.type && node.type !== 'table' && node.type !== 'code') ||
    (before.type === 'outcome' && node.type === 'hint')
  );
}

/**
 * A page of text that ends with a line break (empty for no nodes). Nothing in data can steer the
 * terminal. `place: 'room'` is for files that a room gets: commands keep their `!`, secrets stay shut.
 */
export function renderTerminal(
  nodes: readonly ReportNode[],
  language: Language,
  look: TerminalLook,
  place: Place = 'terminal',
): string {
  const page = new Page(language, look, place);
  let text = '';
  let before: ReportNode | undefined;
  for (const node of nodes) {
    if (before !== undefined && !follows(before, node)) text += '\n';
    for (const line of page.draw(node)) text += `${line.trimEnd()}\n`;
    before = node;
  }
  return text;
}
