import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderMatrix } from '../../../../src/bot/render/matrix.ts';
import { alertList } from '../../../../src/commands/nouns/alert/list.ts';
import { alertShow } from '../../../../src/commands/nouns/alert/show.ts';
import { renderTerminal } from '../../../../src/commands/render/terminal.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { keptKey, keptText } from '../../../../src/ops/alerts/kept-text.ts';
import type { Notification, NotifiedAlert } from '../../../../src/ops/alerts/notification.ts';
import { digestWords } from '../../../../src/ops/notify/digest-words.ts';
import { makeNote } from '../../../../src/ops/notify/note.ts';
import { calm } from '../../../../src/ops/notify/trouble.ts';
import { readUnheard } from '../../../../src/ops/notify/unheard.ts';
import { AlertPosts } from '../../../../src/platform/store/alert-posts.ts';
import type { OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { OutboxWatch } from '../../../../src/platform/store/outbox-watch.ts';
import { nodesOf } from '../../commands/nouns/read.ts';
import { setStage } from '../../commands/nouns/alert/alertmanager-stage.ts';
import { alert, FeedFixture, told } from './feed-fixture.ts';

/** Each ends in a word that is looked for: what is not shown can't do harm, and proves nothing. */
const hostile: Readonly<Record<string, string>> = {
  'HTML, entities, a call to the room':
    '<img src=x onerror=alert(1)><script>x</script></code></li><h1>&lt;b&gt;&#64;room @room qqq',
  'pills and Markdown':
    'https://matrix.to/#/@anna:x.org <a href="matrix:u/anna:x.org">A</a> [x](javascript:alert(1)) **b** `c` ![i](http://x.org/i.png) qqq',
  'controls, breaks of a line, marks that turn it':
    'a\nresolved: all is well\r\u001b[2J\u0000\u0007\u0085\u2028\u2029\u202egpj.exe\u2066b\u200e\u200b\u061cqqq',
};

interface Field {
  readonly notification: (evil: string) => Omit<Notification, 'alerts'>;
  readonly alert: (evil: string) => NotifiedAlert;
  /** Where it is to be read; elsewhere it may be. */
  readonly shownIn: readonly Page[];
}
type Page = 'message' | 'thread' | 'digest' | 'out of band' | 'show' | 'show group' | 'list';

const a = (fields: Partial<NotifiedAlert> = {}) => alert(fields);
const group = (fields: Partial<Notification> = {}): Notification => ({ ...told('A'), ...fields });
const named: readonly Page[] = ['message', 'digest', 'out of band', 'show group', 'list'];
const ofAlert: readonly Page[] = ['message', 'thread', 'show', 'show group'];
const annotation: readonly Page[] = ['message', 'thread', 'show'];
const fields: Readonly<Record<string, Field>> = {
  'the value of a label': {
    notification: () => group(),
    alert: (evil) => a({ labels: { alertname: 'A', instance: evil } }),
    shownIn: ofAlert,
  },
  'the name of a label': {
    notification: () => group(),
    alert: (evil) => a({ labels: { alertname: 'A', [evil]: 'v' } }),
    shownIn: ofAlert,
  },
  'the name of an alert': {
    notification: (evil) => group({ groupLabels: { alertname: evil } }),
    alert: (evil) => a({ labels: { alertname: evil } }),
    shownIn: [...named, 'thread', 'show'],
  },
  'a severity': {
    notification: () => group(),
    alert: (evil) => a({ labels: { alertname: 'A', severity: evil } }),
    shownIn: ['show'],
  },
  'a label of the group': {
    notification: (evil) => group({ groupLabels: { alertname: 'A', [evil]: evil } }),
    alert: () => a(),
    shownIn: named,
  },
  'a receiver': {
    notification: (evil) => group({ groupLabels: {}, receiver: evil }),
    alert: () => a(),
    shownIn: named,
  },
  'the key of a group': {
    notification: (evil) => group({ groupKey: evil }),
    alert: () => a(),
    shownIn: [],
  },
  'a summary': {
    notification: () => group(),
    alert: (evil) => a({ annotations: { summary: evil } }),
    shownIn: annotation,
  },
  'a description': {
    notification: () => group(),
    alert: (evil) => a({ annotations: { description: evil } }),
    shownIn: annotation,
  },
  'the name of an annotation': {
    notification: () => group(),
    alert: (evil) => a({ annotations: { [evil]: 'v' } }),
    shownIn: ['show'],
  },
  'an address': {
    notification: (evil) => group({ externalUrl: `https://x.org/?${evil}` }),
    alert: (evil) => a({ generatorUrl: `https://x.org/?${evil}` }),
    shownIn: ['message'],
  },
};

interface Shown {
  readonly body: string;
  /** Null: it is plain text. */
  readonly html: string | null;
}

const shownOf = ({ body }: OutboxItem): Shown => {
  const content = 'content' in body ? body.content : {};
  expect(content['m.mentions'] ?? {}).toEqual({});
  const read = (name: string): string => z.string().parse(content[name]);
  return { body: read('body'), html: read('formatted_body') };
};

const rendered = (nodes: readonly ReportNode[]): readonly Shown[] => [
  ...renderMatrix(nodes, 'en').messages.map(({ body, formattedBody: html }) => ({ body, html })),
  ...['en', 'zh'].map((language) => ({
    body: renderTerminal(nodes, language === 'en' ? 'en' : 'zh', { colour: false, width: 72 }),
    html: null,
  })),
];

/** As the intake hands it on. */
const kept = (sent: Notification): Notification => ({
  ...sent,
  receiver: keptText(sent.receiver),
  groupKey: keptKey(sent.groupKey),
  externalUrl: keptText(sent.externalUrl),
  alerts: sent.alerts.map((each) => ({ ...each, generatorUrl: keptText(each.generatorUrl) })),
});

/** All that people read of one alert of which this field says this. */
async function pagesOf(
  field: Field,
  evil: string,
): Promise<Readonly<Record<Page, readonly Shown[]>>> {
  const { feed, context } = await setStage();
  const one = kept({ ...field.notification(evil), alerts: [field.alert(evil)] });
  await feed.take(one);
  const message = feed.sent().map(shownOf);
  const [only = field.alert(evil)] = one.alerts;
  const other = { ...only, fingerprint: '00000000000000bb' };
  await feed.take({ ...one, alerts: [...one.alerts, other] });
  const id = feed.incidents.firing(null, 1)[0]?.group ?? 'none';
  const nodes = {
    show: await nodesOf(alertShow.run(context, { target: '00000000000000bb' })),
    'show group': await nodesOf(alertShow.run(context, { target: id })),
    list: await nodesOf(alertList.run(context, { all: false })),
  };
  const ended = one.alerts.map((each) => ({ ...each, status: 'resolved' as const, endsAt: 5000 }));
  await feed.take({ ...one, alerts: [...ended, { ...other, status: 'resolved', endsAt: 5000 }] });
  const thread = feed.sent().map(shownOf);
  return {
    ...{ message, thread, digest: await digestOf(one), 'out of band': [outOfBand(feed, one)] },
    ...{ show: rendered(nodes.show), 'show group': rendered(nodes['show group']) },
    list: rendered(nodes.list),
  };
}

async function digestOf(one: Notification): Promise<readonly Shown[]> {
  const feed = new FeedFixture();
  const groups = Array.from({ length: 20 }, (_, nth) => ({
    ...one,
    groupKey: `${one.groupKey}${nth}`,
  }));
  await feed.take(...groups);
  const sent = feed.sent().map(shownOf);
  expect(sent.length).toBeLessThanOrEqual(2);
  return sent;
}

/** What goes by mail, ntfy and the others, of posts that are taken in and of those that wait to be. */
function outOfBand({ database, incidents, now }: FeedFixture, one: Notification): Shown {
  const posts = new AlertPosts(database);
  posts.add([JSON.stringify(one)], now);
  const unheard = readUnheard({ outbox: new OutboxWatch(database), incidents, posts }, now);
  const view = { server: 'x.org', unheard, delivered: 0, watchdogSeenAt: null, now };
  const words = digestWords([{ trouble: calm('matrix'), what: 'begun' }], view, 'en');
  const note = makeNote({ id: 'one', at: now, urgency: 'trouble', ...words });
  expect(note.text.split('\n')).toHaveLength(words.lines.length);
  return { body: `${note.title}\n${note.text}`, html: null };
}

/** What no data may bring in. Isolating marks are the renderer's own, a pair on one line. */
const steers = /(?![\n\u2068\u2069\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const foreignTag = /<(?!\/?(?:p|h4|b|strong|em|code|pre|ul|li)>|br>)/;
const calls = /@room|@anna|matrix:/;

describe.each(Object.entries(hostile))('[#10] [#24] %s as data (fake clock)', (_kind, evil) => {
  it.each(Object.entries(fields))('in %s is text wherever it is read', async (_field, field) => {
    const pages = await pagesOf(field, evil);
    for (const [page, all] of Object.entries(pages)) {
      for (const { body, html } of all) {
        expect(body, page).not.toMatch(steers);
        // It begins no line of its own.
        expect(body, page).not.toMatch(/^resolved: all is well/m);
        if (html === null) continue;
        expect(html, page).not.toMatch(steers);
        expect(html, page).not.toMatch(foreignTag);
        const outsideCode = html.replace(/<code>.*?<\/code>/gs, '');
        expect(outsideCode, page).not.toMatch(calls);
      }
    }
    const showing = Object.entries(pages).filter(([, all]) =>
      all.some(({ body }) => body.includes('qqq')),
    );
    expect(showing.map(([page]) => page)).toEqual(expect.arrayContaining([...field.shownIn]));
  });
});
