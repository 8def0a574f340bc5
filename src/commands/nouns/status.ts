import type { AppError } from '../../core/errors.ts';
import type { Field, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { BotHealth } from '../capabilities.ts';
import { defineRead } from '../command.ts';
import { verdictText } from './audit.ts';
import { clusterNodes } from './status/cluster-page.ts';
import { clusterPage, clusterProblems } from './status/cluster-state.ts';
import { dataAge } from './status/data-age.ts';

type Snapshot = Awaited<ReturnType<BotHealth['snapshot']>>;

/** A sync is long-polled for 30 s; twice that and some more without one means that it hangs. */
const syncIsOldAfterMs = 90_000;

/** `status`: how the bot, its connection and the stack in the cluster are, on one screen. */
export const status = defineRead({
  words: ['status'],
  summary: 'status.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['health', 'jobs', 'clock', 'kubernetes', 'gauges', 'healing'],
  arguments: {},
  flags: {},
  examples: ['status'],
  async *run({ health, jobs, clock, kubernetes, gauges, healing, signal }) {
    // First of all: a read that takes a while is written down as a job itself.
    const open = jobs.list({ includeFinished: false, limit: 1000 }).length;
    const [found, page] = await Promise.all([
      health.snapshot(),
      gauges.isConfigured ? clusterPage(kubernetes, gauges, clock.now(), signal) : null,
    ]);
    const problems = [
      ...(page === null ? [] : clusterProblems(page)),
      ...problemsOf(found, clock.now()),
    ];
    yield problems.length === 0
      ? { type: 'outcome', outcome: 'ok', text: say('status.fine') }
      : { type: 'outcome', outcome: 'warning', text: say('status.trouble') };
    if (page !== null) yield* dataAge(page.state.stack.data);
    if (problems.length > 0) yield { type: 'list', items: problems };
    if (page !== null) yield* clusterNodes(page, healing.snapshot());
    yield { type: 'fields', id: 'bot', fields: botFields(found, open, clock.now()) };
    yield homeserver(found);
    yield store(found);
    const key = found.recoveryKey;
    if (key.state === 'waiting') {
      yield { type: 'hint', text: say('status.recovery-key', { since: { moment: key.since } }) };
    }
  },
});

function problemsOf(found: Snapshot, now: number): readonly Text[] {
  const { homeserver, auditFault, lastSyncAt, store } = found;
  const problems: Text[] = [];
  if (!homeserver.reachable) problems.push(say('status.unreachable', { url: homeserver.url }));
  // One that does not answer at all has been told.
  if (homeserver.adminProblem !== null && homeserver.reachable) {
    problems.push(adminTrouble(homeserver.adminProblem));
  }
  if (auditFault !== null) {
    const next = say('audit.broken.next');
    problems.push(say('status.audit', { cause: verdictText(auditFault), next }));
  }
  // Starting it would end at once; what is to be done first is told instead.
  if (found.keysLost) problems.push(say('bot.keys-lost'));
  else if (found.startedAt === null) problems.push(say('status.no-bot'));
  else if (lastSyncAt === null || now - lastSyncAt > syncIsOldAfterMs) {
    problems.push(say('status.old-sync'));
  }
  if (!store.writable) problems.push(say('status.not-writable'));
  return problems;
}

function adminTrouble({ code, params }: AppError): Text {
  return say('status.admin', { cause: say(code, params), next: say(`${code}.next`, params) });
}

function since(moment: number | null, now: number): Text {
  return moment === null ? null : { span: Math.max(0, now - moment) };
}

function botFields(found: Snapshot, openJobs: number, now: number): readonly Field[] {
  const { outbox } = found;
  return [
    { id: 'version', label: say('status.version'), value: found.version },
    // Without a bot nothing runs and nothing is synced: `status.no-bot` says so.
    ...(found.startedAt === null
      ? []
      : [
          { id: 'uptime_ms', label: say('status.uptime'), value: since(found.startedAt, now) },
          { id: 'sync_age_ms', label: say('status.sync-age'), value: since(found.lastSyncAt, now) },
        ]),
    { id: 'jobs_open', label: say('status.jobs'), value: openJobs },
    { id: 'inbox_pending', label: say('status.inbox'), value: found.inboxPending },
    { id: 'outbox_queued', label: say('status.outbox'), value: outbox.queued },
    ...(outbox.queued === 0
      ? []
      : [
          {
            id: 'outbox_age_ms',
            label: say('status.outbox-age'),
            value: { span: outbox.oldestAgeMs },
          },
        ]),
  ];
}

function homeserver({
  homeserver: { url, reachable, version, adminProblem },
}: Snapshot): ReportNode {
  return {
    type: 'fields',
    id: 'homeserver',
    fields: [
      { id: 'url', label: say('status.homeserver'), value: url },
      {
        id: 'reachable',
        label: say('status.reachable'),
        value: say(reachable ? 'common.yes' : 'common.no'),
      },
      { id: 'version', label: say('status.homeserver-version'), value: version },
      {
        id: 'admin_accepted',
        label: say('status.admin-accepted'),
        value: accepted(adminProblem),
      },
    ],
  };
}

/** Only a refusal is a no: one that was not answered says nothing of the credential. */
function accepted(problem: AppError | null): Text {
  if (problem === null) return say('common.yes');
  const isRefused = problem.code === 'E_ADMIN_API_FORBIDDEN';
  return say(isRefused ? 'common.no' : 'status.not-known');
}

function store({ store: { bytes, freeBytes, writable } }: Snapshot): ReportNode {
  return {
    type: 'fields',
    id: 'store',
    fields: [
      { id: 'bytes', label: say('status.store'), value: { bytes } },
      { id: 'free_bytes', label: say('status.free'), value: { bytes: freeBytes } },
      {
        id: 'writable',
        label: say('status.writable'),
        value: say(writable ? 'common.yes' : 'common.no'),
      },
    ],
  };
}
