import { shownActor } from '../../commands/actor-name.ts';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { alertName, groupName } from '../../ops/alerts/group-name.ts';
import { reachableLink, type LinkRule } from '../../ops/alerts/reachable-link.ts';
import { severityAt, type Severity } from '../../ops/alerts/severity.ts';
import type { FiringGroup } from '../../platform/store/alert-incidents.ts';
import type { StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';
import { renderMatrix, type MatrixMessage } from '../render/matrix.ts';
import type { OverGroup } from './held-back.ts';

/** What a group's message shows. Lists hold the first ones only; counts are of all. */
export interface GroupView {
  readonly group: StoredGroup;
  readonly firing: readonly StoredIncident[];
  readonly firingCount: number;
  readonly ended: readonly StoredIncident[];
  readonly endedCount: number;
  /** When the oldest of what fires began, or of what is over where nothing does; ms since the epoch. */
  readonly since: number;
  /** The room that it belongs into and that can't be used; null: it is where it belongs. */
  readonly strayed: string | null;
}

/** What a digest shows. `groups` holds the worst only; counts are of all. */
export interface DigestView {
  readonly groups: readonly (FiringGroup & { readonly stored: StoredGroup })[];
  readonly groupCount: number;
  /** How many alerts of its groups fire. */
  readonly firingCount: number;
  /** How many alerts of its groups are over. */
  readonly ended: number;
  readonly since: number;
}

/** A kind of news in a thread; `over`: with how many that still fire. */
export type News =
  | { readonly kind: 'opened' | 'partly-again' | 'again' | 'worse' | 'short' }
  | { readonly kind: 'over'; readonly stillFiring: number };

const icons: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  none: '⚪',
};
/** More on a phone is not read. */
const listed = [20, 10, 5, 2, 1, 0] as const;
const longestText = 300;
const longestName = 200;
/** An edit holds its text twice, and a seal makes it a third longer; Synapse takes 65 536 bytes. */
const limits = { maxBytes: 18_000, maxParts: 1, maxCodeBytes: 18_000 } as const;

function shorten(text: string, most: number): string {
  const points = Array.from(text.slice(0, 2 * most + 2));
  return points.length <= most ? text : `${points.slice(0, most).join('')}…`;
}

/** The most that fits into one message: fewer and fewer are listed until it does. */
function fit(nodesFor: (most: number) => readonly ReportNode[], language: Language): MatrixMessage {
  for (const most of listed) {
    const { messages, files } = renderMatrix(nodesFor(most), language, limits);
    if (files.length === 0 || most === 0) return messages[0];
  }
  throw new Error('the list of sizes has no end');
}

function marks(rank: number) {
  const severity = severityAt(rank);
  return { icon: icons[severity], severity: say(`alert.severity.${severity}`) };
}

function itemOf(incident: StoredIncident, group: StoredGroup): Text {
  const name = shorten(alertName(incident, group), longestName);
  const { summary, description } = incident.annotations;
  const text = shorten(summary ?? description ?? '', longestText);
  const params = { ...marks(incident.severity), name, since: { moment: incident.startsAt } };
  if (incident.state === 'resolved') {
    const state = say(`alert.state.${incident.endedBy ?? 'resolved'}`);
    const over = { ...params, state, until: { moment: endOf(incident) } };
    return text === ''
      ? say('alert.item.over', over)
      : say('alert.item.over-text', { ...over, text });
  }
  return text === ''
    ? say('alert.item.firing', params)
    : say('alert.item.firing-text', { ...params, text });
}

/** The sender's word where it has told one, else when we noted it. */
function endOf({ endedBy, endsAt, startsAt, changedAt }: StoredIncident): number {
  return endedBy === 'resolved' && endsAt !== null && endsAt >= startsAt ? endsAt : changedAt;
}

function linkNodes({ group, firing }: GroupView, rules: readonly LinkRule[]): ReportNode[] {
  const sender = group.source === 'grafana' ? 'grafana' : 'alertmanager';
  const home = reachableLink(group.externalUrl, rules);
  const source = reachableLink(firing[0]?.generatorUrl ?? '', rules);
  return [
    ...(home === null ? [] : [say(`alert.message.${sender}`, { url: home })]),
    ...(source === null ? [] : [say('alert.message.source', { url: source })]),
  ].map((text): ReportNode => ({ type: 'paragraph', text }));
}

function onIt(firing: readonly StoredIncident[]): ReportNode[] {
  const by = firing.find((incident) => incident.acknowledged !== null)?.acknowledged ?? null;
  if (by === null) return [];
  const params = { person: shownActor(by.by), since: { moment: by.at } };
  const text =
    by.note === null
      ? say('alert.message.acknowledged', params)
      : say('alert.message.acknowledged-note', { ...params, note: by.note });
  return [{ type: 'paragraph', text }];
}

/** A group's message as it is to be now. */
export function groupMessage(
  view: GroupView,
  rules: readonly LinkRule[],
  language: Language,
): MatrixMessage {
  const { group, firing, firingCount, ended, endedCount, since, strayed } = view;
  const name = shorten(groupName(group), longestName);
  const [worst] = firing;
  const title =
    worst === undefined
      ? say('alert.message.over', { name })
      : say('alert.message.firing', { ...marks(worst.severity), name });
  const params = { firing: firingCount, ended: endedCount, since: { moment: since } };
  return fit((most) => {
    const items = [...firing, ...ended].slice(0, most);
    const more = firingCount + endedCount - items.length;
    return [
      { type: 'title', text: title },
      { type: 'paragraph', text: say('alert.message.counts', params) },
      { type: 'list', items: items.map((incident) => itemOf(incident, group)) },
      ...(more === 0 ? [] : [moreNode(more, group.id)]),
      ...cutNodes(items),
      ...onIt(firing),
      ...(strayed === null ? [] : [strayNode(strayed)]),
      ...(most === 0 ? [] : linkNodes(view, rules)),
      ...(worst === undefined ? [] : [hintNode(group)]),
    ];
  }, language);
}

/** Of the first whose labels are not all kept. */
function cutNodes(shown: readonly StoredIncident[]): ReportNode[] {
  const cut = shown.find(({ labelsLeftOut }) => labelsLeftOut > 0);
  if (cut === undefined) return [];
  const params = { count: cut.labelsLeftOut, alert: cut.fingerprint };
  return [{ type: 'paragraph', text: say('alert.message.labels', params) }];
}

function moreNode(count: number, group: string): ReportNode {
  return { type: 'paragraph', text: say('alert.message.more', { count, group }) };
}

function strayNode(name: string): ReportNode {
  return { type: 'paragraph', text: say('alert.message.strayed', { name }) };
}

/** Only what is Alertmanager's can be silenced there. */
function hintNode({ id: group, source }: StoredGroup): ReportNode {
  const key = source === 'alertmanager' ? 'alert.message.hint' : 'alert.message.hint-elsewhere';
  return { type: 'hint', text: say(key, { group }) };
}

/** What stands in the place of a message whose group another one shows by now. */
export function movedMessage(language: Language): MatrixMessage {
  return fit(() => [{ type: 'paragraph', text: say('alert.message.moved') }], language);
}

/** A digest as it is to be now. */
export function digestMessage(
  { groups, groupCount, firingCount: firing, ended, since }: DigestView,
  language: Language,
): MatrixMessage {
  const [worst] = groups;
  return fit((most) => {
    const shown = groups.slice(0, most);
    const more = groupCount - shown.length;
    const params = { firing, groups: groupCount, since: { moment: since } };
    return [
      {
        type: 'title',
        text:
          worst === undefined
            ? say('alert.digest.over')
            : say('alert.digest.firing', marks(worst.severity)),
      },
      { type: 'paragraph', text: say('alert.digest.counts', params) },
      ...(ended === 0
        ? []
        : [{ type: 'paragraph', text: say('alert.digest.ended', { count: ended }) } as const]),
      { type: 'list', items: shown.map(groupItem) },
      ...(more === 0
        ? []
        : [{ type: 'paragraph', text: say('alert.digest.more', { count: more }) } as const]),
    ];
  }, language);
}

function groupItem({ stored, severity, group }: DigestView['groups'][number]): Text {
  const name = shorten(groupName(stored), longestName);
  return say('alert.digest.group', { ...marks(severity), name, group });
}

/** What had to wait: of what is over a line each; what still fires has messages of its own. */
export function heldMessage(
  over: readonly OverGroup[],
  stillFiring: number,
  language: Language,
): MatrixMessage {
  const still = say('alert.held.still', { count: stillFiring });
  const counts = { count: over.length + stillFiring, still };
  return fit((most) => {
    const more = over.length - Math.min(most, over.length);
    return [
      { type: 'title', text: say('alert.held.title', counts) },
      { type: 'list', items: over.slice(0, most).map(overItem) },
      ...(more === 0
        ? []
        : [{ type: 'paragraph', text: say('alert.held.more', { count: more }) } as const]),
    ];
  }, language);
}

function overItem({ stored, severity, since, until }: OverGroup): Text {
  const name = shorten(groupName(stored), longestName);
  const times = { since: { moment: since }, until: { moment: until } };
  return say('alert.held.over', { severity: marks(severity).severity, name, ...times });
}

/** What has happened in a group, for its thread. `incidents`: at least one; `others`: how many more. */
export function newsMessage(
  news: News,
  incidents: readonly StoredIncident[],
  others: number,
  group: StoredGroup,
  language: Language,
): MatrixMessage {
  const count = incidents.length + others;
  const worst = Math.max(...incidents.map((incident) => incident.severity));
  return fit((most) => {
    const items = incidents.slice(0, most);
    return [
      { type: 'title', text: newsTitle(news, count, worst) },
      { type: 'list', items: items.map((incident) => itemOf(incident, group)) },
      ...(items.length === count ? [] : [moreNode(count - items.length, group.id)]),
    ];
  }, language);
}

function newsTitle(news: News, count: number, worst: number): Text {
  switch (news.kind) {
    case 'opened':
    case 'partly-again':
    case 'again':
    case 'worse':
      return say(`alert.news.${news.kind}`, { ...marks(worst), count });
    case 'short':
      return say('alert.news.short', { count });
    case 'over': {
      if (news.stillFiring === 0) return say('alert.news.all-over');
      const still = say('alert.news.still', { count: news.stillFiring });
      return say('alert.news.over', { count, still });
    }
    default:
      return news satisfies never;
  }
}
