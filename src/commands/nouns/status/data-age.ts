import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import type { DataState } from '../../../ops/stack/data-state.ts';

/** What has to be said of how old the cluster's data is: nothing while it is of now. */
export function dataAge(data: DataState): readonly ReportNode[] {
  switch (data.is) {
    case 'fresh':
      return [];
    case 'old': {
      const { code, params } = data.problem;
      const cause = say(code, params);
      const age = data.age === null ? say('stack.unknown-time') : { span: data.age };
      return [{ type: 'hint', text: say('status.old-data', { age, cause }) }];
    }
    case 'nothing': {
      if (data.problem === null) return [{ type: 'hint', text: say('status.no-data') }];
      const { code, params } = data.problem;
      return [
        { type: 'hint', text: say('status.no-data-for', { cause: say(code, params) }) },
        { type: 'hint', text: say(`${code}.next`, params) },
      ];
    }
    default:
      return data satisfies never;
  }
}

/**
 * The same for commands that judge nothing: then it is their outcome, so that a script does not take
 * what was once for what is.
 */
export function dataWarning(data: DataState): readonly ReportNode[] {
  return dataAge(data).map((node, at): ReportNode =>
    node.type === 'hint' && at === 0
      ? { type: 'outcome', outcome: 'warning', text: node.text }
      : node,
  );
}
