import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../core/error-catalogue.ts';
import { AppError } from '../core/errors.ts';
import { parseJobId, type JobId } from '../core/ids.ts';
import type { Outcome, ReportNode } from '../core/report.ts';
import type { Text, Value } from '../core/text.ts';
import { languages } from '../core/words/index.ts';
import { storedOutcome, storedReport } from '../platform/store/stored-report.ts';
import { toWire, wireReport } from './wire-report.ts';

/**
 * What a terminal and the bot say to each other over a unix socket: one JSON object per line. A
 * connection carries one command. Additions may come; a change of meaning raises the number.
 */
export const protocolVersion = 1;

/** Longest line in bytes that the bot reads: the longest command, and room around it. */
export const requestLimit = 128 * 1024;
/** Longest line in bytes that a terminal reads: an answer with its files. */
export const eventLimit = 64 * 1024 * 1024;

const request = z.object({
  type: z.literal('request'),
  protocol: z.literal(protocolVersion),
  words: z.array(z.string()).max(1000),
  /** Null: the language of the config. */
  language: z.enum(languages).nullable(),
  /** Who he says he is: for the audit log, never for a decision. */
  login: z.string().max(64),
  yes: z.boolean(),
  /** Whether a person can be asked. */
  interactive: z.boolean(),
});

/** The command, first line of a connection. */
export type Request = z.output<typeof request>;

/** What a terminal may send. */
export const clientMessage = z.discriminatedUnion('type', [
  request,
  z.object({ type: z.literal('confirm'), code: z.string().max(64) }),
  z.object({ type: z.literal('cancel') }),
]);
/** One line of a terminal. */
export type ClientMessage = z.output<typeof clientMessage>;

/** What happens to a command, as a terminal learns of it. `finish` or `problem` is the last one. */
export type TerminalEvent =
  | { readonly type: 'working'; readonly job: JobId }
  | { readonly type: 'progress'; readonly job: JobId; readonly text: Text }
  /** A part of what it says before its answer. */
  | { readonly type: 'output'; readonly job: JobId; readonly report: readonly ReportNode[] }
  | {
      readonly type: 'prompt';
      readonly job: JobId;
      readonly code: string;
      readonly line: string;
      readonly expiresAt: number;
      readonly reason: 'destroy' | 'asks' | 'stale';
      readonly shown: readonly ReportNode[];
    }
  /** A wrong code: the question still stands. */
  | { readonly type: 'ask-again'; readonly error: AppError }
  | {
      readonly type: 'finish';
      readonly job: JobId;
      readonly command: string;
      readonly outcome: Outcome;
      readonly report: readonly ReportNode[];
    }
  /** There is no job: the request itself was refused. */
  | { readonly type: 'problem'; readonly error: AppError };

const jobId = z.string().transform(parseJobId);

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

// A parameter is a value like those of a stored report; one paragraph carries it through its schema.
const text = z.unknown().transform((raw): Text => {
  const [carrier] = storedReport.parse([{ type: 'paragraph', text: raw }]);
  return carrier?.type === 'paragraph' ? carrier.text : null;
});

const problem = z
  .object({ code: z.string(), params: z.record(z.string(), text) })
  .transform(({ code, params }) =>
    isErrorCode(code) ? new AppError(code, params) : new AppError('E_TERMINAL_PROTOCOL'),
  );

/** What the bot may send. */
export const terminalEvent: z.ZodType<TerminalEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('working'), job: jobId }),
  z.object({ type: z.literal('progress'), job: jobId, text }),
  z.object({ type: z.literal('output'), job: jobId, report: wireReport }),
  z.object({
    type: z.literal('prompt'),
    job: jobId,
    code: z.string(),
    line: z.string(),
    expiresAt: z.number(),
    reason: z.enum(['destroy', 'asks', 'stale']),
    shown: wireReport,
  }),
  z.object({ type: z.literal('ask-again'), error: problem }),
  z.object({
    type: z.literal('finish'),
    job: jobId,
    command: z.string(),
    outcome: storedOutcome,
    report: wireReport,
  }),
  z.object({ type: z.literal('problem'), error: problem }),
]);

function errorToWire(error: AppError): Readonly<Record<string, unknown>> {
  const params: Readonly<Record<string, Value>> = error.params;
  return { code: error.code, params };
}

/** One line for the terminal, line break included. */
export function eventLine(event: TerminalEvent): string {
  switch (event.type) {
    case 'finish':
    case 'output':
      return `${JSON.stringify({ ...event, report: toWire(event.report) })}\n`;
    case 'prompt':
      return `${JSON.stringify({ ...event, shown: toWire(event.shown) })}\n`;
    case 'ask-again':
    case 'problem':
      return `${JSON.stringify({ type: event.type, error: errorToWire(event.error) })}\n`;
    case 'working':
    case 'progress':
      return `${JSON.stringify(event)}\n`;
    default:
      return event satisfies never;
  }
}

/** One line for the bot, line break included. */
export function messageLine(message: ClientMessage): string {
  return `${JSON.stringify(message)}\n`;
}
