import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Context, Plan, Step, StepInput } from '../../../../../src/commands/command.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { ReportNode } from '../../../../../src/core/report.ts';
import { AlertBoard } from '../../../../../src/ops/alerts/alert-board.ts';
import type { QuietHours } from '../../../../../src/ops/alerts/quiet-hours.ts';
import { TestAlerts } from '../../../../../src/ops/alerts/test-alerts.ts';
import { AlertmanagerApi } from '../../../../../src/platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../../../../src/platform/clock.ts';
import { AlertLookups } from '../../../../../src/platform/store/alert-lookups.ts';
import { alert, anna, FeedFixture, told } from '../../../bot/alerts/feed-fixture.ts';

type Uses = 'alerts' | 'clock' | 'speech';
type Labels = Readonly<Record<string, string>>;

/** A change, as far as it is played by hand. */
export interface Playable<I> {
  plan(context: Context<Uses>, input: I): Promise<Plan>;
  readonly steps: readonly Step<I, Uses>[];
  report(step: StepInput<I>): readonly ReportNode[];
}

/** A silence of somebody else. */
export const othersSilence = {
  ...{ id: '0b4c9a2e-0000', comment: 'maintenance', createdBy: 'bo' },
  ...{ startsAt: '2023-11-14T20:00:00Z', endsAt: '2023-11-15T20:00:00Z' },
  ...{ status: { state: 'active' }, matchers: [] },
};

const posted = z.array(z.looseObject({ labels: z.record(z.string(), z.string()) }));

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

/**
 * Commands on a real store, with a made-up Alertmanager on the loopback. It has the alerts in `has`,
 * and `othersSilence` covers all of them where `isSilent`; what is posted to it comes in to the bot
 * as soon as somebody waits.
 */
export async function setStage(quietHours: QuietHours | null = null) {
  const feed = new FeedFixture();
  const has: { readonly labels: Labels; readonly fingerprint: string }[] = [];
  const state = { isSilent: false, silences: [othersSilence] };
  const server = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const isPost = request.method === 'POST';
      if (url.pathname === '/api/v2/silences') {
        return isPost ? { silenceID: 'made' } : state.silences;
      }
      if (isPost) {
        for (const { labels } of posted.parse(await bodyOf(request))) {
          has.push({ labels, fingerprint: `00000000000000f${has.length}` });
        }
        return {};
      }
      const wanted = url.searchParams.getAll('filter');
      const silencedBy = state.isSilent ? [othersSilence.id] : [];
      return has
        .filter(({ labels }) => {
          const known = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
          return wanted.every((each) => known.includes(each));
        })
        .map(({ fingerprint }) => ({ fingerprint, status: { silencedBy } }));
    };
    answer().then(
      (json) => response.end(JSON.stringify(json)),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);

  const clock: Clock = {
    now: () => feed.now,
    monotonic: () => feed.now,
    sleep: async () => {
      feed.now += 1000;
      for (const { labels, fingerprint } of has) {
        await feed.take(told('UrtcTest', alert({ labels, fingerprint })));
      }
    },
  };
  const api = new AlertmanagerApi(`http://127.0.0.1:${port}`);
  const lookups = new AlertLookups(feed.database);
  const alerts = new AlertBoard({
    ...{ isOn: true, database: feed.database, clock, api, quietHours },
    ...{ incidents: feed.incidents, messages: feed.messages },
    tests: new TestAlerts({ api, intake: null, lookups, clock }),
  });
  const context: Context<Uses> = {
    ...{ alerts, clock, language: 'en', surface: 'room' },
    speech: { progress: () => undefined, tell: () => undefined, isSealed: false },
    actor: { kind: 'person', user: anna, rank: 'operator' },
    signal: new AbortController().signal,
  };
  const play = async <I>(command: Playable<I>, input: I): Promise<readonly ReportNode[]> => {
    const { facts } = await command.plan(context, input);
    const done: Record<string, JsonObject> = {};
    for (const step of command.steps) {
      done[step.name] = await step.run(context, { input, facts, done: { ...done } });
    }
    return command.report({ input, facts, done });
  };
  return { feed, has, state, context, play, close };
}
