import { z } from 'zod';
import { because } from '../../parse/reason.ts';

/** Id of a group (`g` and ten hex digits) or fingerprint of an alert (sixteen), in either case. */
export const targetPattern = /^(?:g[0-9a-f]{10}|[0-9a-f]{16})$/;

/** {@link targetPattern} as an argument. */
export const alertTarget = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => targetPattern.test(text), because('alert.reason.target'));

/** A line of a person's own, at most `limit` characters. */
export const oneLine = (limit: number, reason: 'alert.reason.note' | 'silence.reason.text') =>
  z
    .string()
    .trim()
    .refine(
      (text) =>
        text !== '' && Array.from(text).length <= limit && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text),
      because(reason, { limit }),
    );
