import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { followLogs, roomPace, terminalPace } from '../../ops/logs/follow-log.ts';
import { logSources, type KnownSource } from '../../ops/logs/log-sources.ts';
import { LinePattern } from '../../ops/logs/pattern/line-pattern.ts';
import { PatternProblem } from '../../ops/logs/pattern/syntax.ts';
import { readLog, type FoundLines } from '../../ops/logs/read-log.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { defineRead, type Context } from '../command.ts';
import { Reason } from '../parse/reason.ts';
import { duration } from './duration.ts';
import { wholeNumber } from './whole-number.ts';

type LogsContext = Context<'kubernetes' | 'logs' | 'clock' | 'speech'>;

/** `--grep`: a text, or a regular expression between slashes. */
const pattern = z.string().transform((text, context): LinePattern => {
  try {
    return new LinePattern(text);
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    const params = { reason: new Reason(say(error.why)) };
    context.addIssue({ code: 'custom', params });
    return z.NEVER;
  }
});

const dayMs = 86_400_000;
/** Searching 256 MB through the API server takes its time. */
const readMs = 2 * 60_000;

interface Wish {
  readonly tail: number;
  readonly since: number | null;
  readonly grep: LinePattern | null;
  readonly previous: boolean;
}

/** `logs COMPONENT`: the last lines of its pods' logs, without secrets; `--follow` goes on. */
export const logs = defineRead({
  words: ['logs'],
  summary: 'logs.summary',
  role: 'operator',
  surface: 'everywhere',
  needs: 'cluster',
  uses: ['kubernetes', 'logs', 'clock', 'speech'],
  arguments: { component: { schema: z.string().min(1).max(80), about: 'logs.component' } },
  flags: {
    tail: {
      schema: wholeNumber({ least: 1, most: 10_000, usual: 50 }),
      about: 'logs.flag.tail',
      value: 'LINES',
    },
    since: {
      schema: duration({ leastMs: 1000, mostMs: 365 * dayMs }).optional(),
      about: 'logs.flag.since',
      value: 'TIME',
    },
    grep: { schema: pattern.optional(), about: 'logs.flag.grep', value: 'TEXT' },
    previous: { schema: z.boolean(), about: 'logs.flag.previous' },
    follow: { schema: z.boolean(), about: 'logs.flag.follow' },
    container: {
      schema: z.string().min(1).optional(),
      about: 'logs.flag.container',
      value: 'NAME',
    },
  },
  examples: [
    'logs synapse',
    'logs mas --since=1h --grep=error',
    'logs synapse --grep="/took [1-9]\\d{3,}ms/" --tail=200',
    'logs postgres --previous',
    'logs haproxy --follow',
  ],
  timeoutMs: ({ follow }) => (follow ? terminalPace.ms + readMs : readMs),
  async *run(context, input) {
    const { kubernetes, logs: desk, clock, signal } = context;
    await settleView(kubernetes.view, signal);
    const found = logSources(kubernetes, input.component, input.container ?? null);
    await desk.redaction.prepare(signal);
    const wish: Wish = {
      tail: input.tail,
      since: input.since === undefined ? null : clock.now() - input.since,
      grep: input.grep ?? null,
      previous: input.previous,
    };
    if (found.sources.length === 0) {
      yield { type: 'paragraph', text: say('logs.no-pods', { component: found.title }) };
      return;
    }
    if (input.follow) yield* follow(context, found.title, found.sources, wish);
    else for (const source of found.sources) yield* oneLog(context, source, wish);
  },
});

async function* oneLog(
  { kubernetes, logs: desk, signal }: LogsContext,
  source: KnownSource,
  wish: Wish,
): AsyncGenerator<ReportNode> {
  const { name: pod, container } = source;
  yield { type: 'title', text: say('logs.title', { pod, container }) };
  if (wish.previous && !source.hasPrevious) {
    yield { type: 'paragraph', text: say('logs.no-previous') };
    return;
  }
  const found = await readOrWhyNot(() => readLog(kubernetes, desk.redaction, source, wish, signal));
  if (found instanceof AppError) {
    yield {
      type: 'paragraph',
      text: say('logs.unreadable', { cause: say(found.code, found.params) }),
    };
    return;
  }
  if (found.lines.length === 0) {
    const { grep } = wish;
    const none = grep === null ? say('logs.empty') : say('logs.no-match', { text: grep.source });
    yield { type: 'paragraph', text: none };
  } else yield { type: 'code', content: found.lines.join('\n') };
  if (found.isCut) yield { type: 'hint', text: say('logs.cut', { size: { bytes: found.bytes } }) };
}

/** One pod that can't be read, e.g. because its container has not started, must not hide the others. */
async function readOrWhyNot(read: () => Promise<FoundLines>): Promise<FoundLines | AppError> {
  try {
    return await read();
  } catch (error) {
    const ofThisPod: readonly AppError['code'][] = [
      ...(['E_KUBERNETES_ANSWER', 'E_KUBERNETES_NOT_FOUND', 'E_KUBERNETES_INVALID'] as const),
    ];
    if (error instanceof AppError && ofThisPod.includes(error.code)) return error;
    throw error;
  }
}

async function* follow(
  { kubernetes, logs: desk, clock, speech, surface, signal }: LogsContext,
  component: string,
  sources: readonly KnownSource[],
  wish: Wish,
): AsyncGenerator<ReportNode> {
  const leave = desk.follow();
  try {
    const began = clock.monotonic();
    const parts = { cluster: kubernetes, redaction: desk.redaction, clock };
    const pace = surface === 'room' ? roomPace : terminalPace;
    const before = { ...wish, tail: Math.min(wish.tail, pace.batchLines) };
    const batches = followLogs(parts, sources, before, pace, signal);
    let count = 0;
    for (;;) {
      const next = await batches.next();
      if (next.done === true) {
        const span = { span: Math.round(clock.monotonic() - began) };
        const text = say(`logs.followed.${next.value}`, { component, count, span });
        yield { type: 'outcome', outcome: 'ok', text };
        return;
      }
      const { lines, leftOut } = next.value;
      count += lines.length + leftOut;
      speech.tell([
        ...(leftOut === 0
          ? []
          : [{ type: 'hint', text: say('logs.left-out', { count: leftOut }) } as const]),
        { type: 'code', content: lines.join('\n') },
      ]);
    }
  } finally {
    leave();
  }
}
