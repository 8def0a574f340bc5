import { z } from 'zod';
import type { AlertBoard } from '../../../ops/alerts/alert-board.ts';
import type { Matcher } from '../../../platform/alertmanager/alertmanager-api.ts';
import { targetPattern } from '../alert/target.ts';
import { because } from '../../parse/reason.ts';

/** Longest value and regular expression that are handed on. */
const longest = 1000;
const form = /^([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)(.*)$/s;

/** A condition as people type it; null: it is none. */
function readCondition(text: string): Matcher | null {
  const [, name, operator, value] = form.exec(text) ?? [];
  if (name === undefined || operator === undefined || value === undefined) return null;
  if (value.length > longest) return null;
  return { name, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

const isTarget = (text: string): boolean => targetPattern.test(text.toLowerCase());

/** What is to be silenced: one id, or conditions that must all hold. */
export const silenceTargets = z
  .array(z.string())
  .min(1)
  .max(20)
  .refine((all) => {
    const ids = all.filter(isTarget);
    if (ids.length > 0) return all.length === 1;
    return all.every((text) => readCondition(text) !== null);
  }, because('silence.reason.target'));

/** The conditions that {@link silenceTargets} mean now. Throws `E_ALERT_UNKNOWN`. */
export function conditionsOf(
  alerts: Pick<AlertBoard, 'matchersOf'>,
  targets: readonly string[],
): readonly Matcher[] {
  return targets.flatMap((text) =>
    isTarget(text) ? alerts.matchersOf(text.toLowerCase()) : (readCondition(text) ?? []),
  );
}
