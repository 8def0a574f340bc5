import type { Report, ReportNode } from '../../../../src/core/report.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import type { Language } from '../../../../src/core/words/index.ts';

/** All nodes of a report. */
export async function nodesOf(report: Report): Promise<readonly ReportNode[]> {
  const nodes: ReportNode[] = [];
  for await (const node of report) nodes.push(node);
  return nodes;
}

/** A report as plain lines in a language, as near to its nodes as can be. */
export async function linesOf(
  report: Report,
  language: Language = 'en',
): Promise<readonly string[]> {
  return (await nodesOf(report)).flatMap((node) => {
    switch (node.type) {
      case 'title':
      case 'paragraph':
      case 'hint':
      case 'outcome':
        return [translate(node.text, language)];
      case 'fields':
        return node.fields.map(
          (field) => `${translate(field.label, language)}: ${translate(field.value, language)}`,
        );
      case 'list':
        return node.items.map((item) => `- ${translate(item, language)}`);
      case 'code':
        return node.content.split('\n').map((line) => `    ${line}`);
      case 'table':
      case 'file':
      case 'secret':
        throw new Error(`no ${node.type} expected here`);
    }
  });
}
