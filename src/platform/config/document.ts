import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** A setting's path, outermost first. */
export type SettingPath = readonly (string | number)[];

/** A parsed YAML file that can tell on which line a setting stands. */
export class SettingsDocument {
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** The first thing that is no YAML: its line and the parser's words; null where all is. */
  syntaxError(): { readonly line: number; readonly message: string } | null {
    const error = this.#document.errors[0];
    if (error === undefined) return null;
    return { line: this.#lines.linePos(error.pos[0]).line, message: error.message };
  }

  /** The content as plain JavaScript. Throws where an alias is repeated beyond reason. */
  content(): unknown {
    return this.#document.toJS();
  }

  /** Whether the file says anything at this path. */
  has(path: SettingPath): boolean {
    return path.length === 0 ? this.#document.contents !== null : this.#document.hasIn(path);
  }

  /** Line of the setting, or of the nearest thing around it that stands in the file; from 1. */
  lineOf(path: SettingPath): number {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.#offset(path.slice(0, length));
      if (offset !== null) return this.#lines.linePos(offset).line;
    }
    return 1;
  }

  #offset(path: SettingPath): number | null {
    const parent: unknown =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    const name = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find((each) => isScalar(each.key) && each.key.value === name);
      return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
    }
    const node: unknown = this.#document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? null) : null;
  }
}

/** `people[0].role`; a name that is no plain word stands in quotes. */
export function pathText(path: SettingPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = /^[A-Za-z][A-Za-z0-9_-]*$/.test(part) ? part : JSON.stringify(part);
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
