import type { Actor } from '../../../../../src/commands/actor.ts';
import type { Speech } from '../../../../../src/commands/capabilities.ts';
import type { Report, ReportNode } from '../../../../../src/core/report.ts';
import { jsonObjectSchema, type JsonObject } from '../../../../../src/core/json.ts';
import type { Text } from '../../../../../src/core/text.ts';
import { translate } from '../../../../../src/core/words/translate.ts';
import { nodesOf } from '../read.ts';

/** What every context has besides the capabilities. */
export interface Surroundings {
  readonly actor: Actor;
  readonly language: 'en';
  readonly surface: 'room' | 'terminal';
  readonly signal: AbortSignal;
}

/** An operator in the room. */
export function surroundings(signal = new AbortController().signal): Surroundings {
  return {
    actor: { kind: 'local', login: 'anna', rank: 'operator' },
    language: 'en',
    surface: 'room',
    signal,
  };
}

/** Keeps what a command says while it works. */
export class HeardSpeech implements Speech {
  isSealed = true;
  readonly progressed: string[] = [];
  readonly told: ReportNode[] = [];

  progress(text: Text): void {
    this.progressed.push(translate(text, 'en'));
  }

  tell(nodes: readonly ReportNode[]): void {
    this.told.push(...nodes);
  }
}

/** A value as the store gives it back. */
export function stored(value: JsonObject): JsonObject {
  return jsonObjectSchema.parse(JSON.parse(JSON.stringify(value)));
}

/** Every text of some nodes in English, a line each. */
export function linesOfNodes(nodes: readonly ReportNode[]): readonly string[] {
  const text = (value: Text): string => translate(value, 'en');
  return nodes.flatMap((node): readonly string[] => {
    switch (node.type) {
      case 'fields':
        return node.fields.map((each) => `${text(each.label)}: ${text(each.value)}`);
      case 'table':
        return node.rows.map((row) => row.map(text).join(' | '));
      case 'list':
        return node.items.map(text);
      case 'code':
        return node.content.split('\n');
      case 'outcome':
        return [`${node.outcome}: ${text(node.text)}`];
      case 'title':
      case 'paragraph':
      case 'hint':
        return [text(node.text)];
      case 'file':
      case 'secret':
        return [node.type];
      default:
        return node satisfies never;
    }
  });
}

/** {@link linesOfNodes} of a report that is still to come. */
export async function readLines(report: Report): Promise<readonly string[]> {
  return linesOfNodes(await nodesOf(report));
}
