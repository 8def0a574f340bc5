import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Field } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import type { AlertBoard } from '../../../ops/alerts/alert-board.ts';
import { writeMatcher, type Silence } from '../../../platform/alertmanager/alertmanager-api.ts';
import { because } from '../../parse/reason.ts';

/** Id of a silence or its beginning, at least eight digits of it: what a phone shows of it is enough. */
export const silenceId = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => /^[0-9a-f][0-9a-f-]{7,35}$/.test(text), because('silence.reason.id'));

/** The one silence that is not over and whose id begins so; null: there is none, or several. */
export async function findSilence(
  alerts: Pick<AlertBoard, 'silences'>,
  id: string,
  signal: AbortSignal,
): Promise<Silence | null> {
  const all = await alerts.silences(signal);
  const [found, another] = all.filter(
    (silence) => silence.id.startsWith(id) && silence.state !== 'expired',
  );
  return found === undefined || another !== undefined ? null : found;
}

/** {@link findSilence}, for what needs it. Throws `E_SILENCE_UNKNOWN`. */
export async function resolveSilence(
  alerts: Pick<AlertBoard, 'silences'>,
  id: string,
  signal: AbortSignal,
): Promise<Silence> {
  const found = await findSilence(alerts, id, signal);
  if (found === null) throw new AppError('E_SILENCE_UNKNOWN', { silence: id });
  return found;
}

/** A silence, or one that is to be made, for a question. */
export function silenceFields(
  silence: Pick<Silence, 'matchers' | 'endsAt' | 'createdBy' | 'comment'>,
): readonly Field[] {
  return [
    {
      id: 'conditions',
      label: say('silence.field.conditions'),
      value: silence.matchers.map(writeMatcher).join(' '),
    },
    { id: 'until', label: say('silence.field.until'), value: { moment: silence.endsAt } },
    { id: 'by', label: say('silence.field.by'), value: silence.createdBy },
    { id: 'reason', label: say('silence.field.reason'), value: silence.comment },
  ];
}
