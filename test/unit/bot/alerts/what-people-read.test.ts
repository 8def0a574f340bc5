import { describe, expect, it } from 'vitest';
import { renderMatrix } from '../../../../src/bot/render/matrix.ts';
import { say } from '../../../../src/core/text.ts';
import type { Notification, NotifiedAlert } from '../../../../src/ops/alerts/notification.ts';
import type { OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { alert, bodyOf, FeedFixture, told } from './feed-fixture.ts';

const htmlOf = ({ body }: OutboxItem): string => {
  const html = 'content' in body ? body.content['formatted_body'] : null;
  return typeof html === 'string' ? html : '';
};
const id = (nth: number): string => nth.toString(16).padStart(16, '0');
const startsAt = Date.parse('2023-11-13T08:00:00Z');

/** The first message about a group. */
async function messageOf(...all: readonly Notification[]): Promise<OutboxItem> {
  const feed = new FeedFixture();
  await feed.take(...all);
  const [item] = feed.sent();
  if (item === undefined) throw new Error('nothing was said');
  return item;
}

describe('the message of a group (fake clock)', () => {
  it('offers a silence only where Alertmanager has the alert', async () => {
    expect(bodyOf(await messageOf(told('A', alert())))).toContain('!silence add');
    for (const source of ['grafana', 'plain'] as const) {
      const body = bodyOf(await messageOf({ ...told('A', alert()), source }));
      expect(body).toContain('!alert ack');
      expect(body).not.toContain('silence');
    }
  });

  it('calls a link to Grafana by its name', async () => {
    const grafana = { ...told('A', alert()), source: 'grafana' as const };
    const body = bodyOf(await messageOf({ ...grafana, externalUrl: 'http://grafana:3000/' }));
    expect(body).toContain('Grafana: http://grafana:3000/');
    expect(body).not.toContain('Alertmanager');
  });

  it('tells of what began and ended before anybody heard of it: how bad, what, from when to when', async () => {
    const short = alert({
      ...{ status: 'resolved', startsAt, endsAt: startsAt + 3_600_000 },
      ...{
        labels: { alertname: 'SH', severity: 'critical' },
        annotations: { summary: 'no space' },
      },
    });
    const body = bodyOf(await messageOf(told('SH', short)));
    expect(body).toContain('0 firing, 1 over, since 13 Nov 2023');
    expect(body).toMatch(/🔴 critical SH: no space; resolved, 13 Nov 2023.* – 13 Nov 2023/);
  });

  it.each([
    ['en', '`00000000000000aa` has 6 more labels than are kept.'],
    ['zh', '`00000000000000aa` 另有 6 个标签未保留。'],
  ] as const)('says so where not all labels of an alert are kept (%s)', async (language, words) => {
    const messages = async (fields: Partial<NotifiedAlert>): Promise<string> => {
      const feed = new FeedFixture({ language });
      await feed.take(told('A', alert({ fingerprint: id(1) }), alert(fields)));
      return feed.sent().map(bodyOf).join();
    };
    expect(await messages({ labelsLeftOut: 6 })).toContain(words);
    expect(await messages({})).not.toContain(words.slice(18, 30));
  });

  it('says since when the oldest that fires does, by its sender', async () => {
    const older = alert({ fingerprint: id(1), startsAt });
    const body = bodyOf(
      await messageOf(told('A', alert({ startsAt: startsAt + 86_400_000 }), older)),
    );
    expect(body).toContain('2 firing, 0 over, since 13 Nov 2023');
  });

  it('has commands in code and nothing else of its own', async () => {
    const html = htmlOf(await messageOf(told('A', alert())));
    const codes = [...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, code]) => code);
    expect(codes).toHaveLength(3);
    for (const code of codes) expect(code).toMatch(/^!(alert|silence) /);
    for (const language of ['en', 'zh'] as const) {
      const [{ formattedBody }] = renderMatrix(
        [{ type: 'paragraph', text: say('E_NOTIFY_OFF') }],
        language,
      ).messages;
      expect(formattedBody).not.toContain('<code>');
    }
  });
});
