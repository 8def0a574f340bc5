import { z } from 'zod';
import type { Field, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import { Archive } from '../../ops/bundle/archive.ts';
import type { BundlePart } from '../../ops/bundle/bundle-part.ts';
import { clusterObjects } from '../../ops/bundle/cluster-objects.ts';
import { containerLogs } from '../../ops/bundle/container-logs.ts';
import { manifestOf, maskedIn } from '../../ops/bundle/manifest.ts';
import { packBundle, type Packed } from '../../ops/bundle/pack.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { keptBundleMs, keptBundles } from '../../platform/bundles/bundle-shelf.ts';
import { defineRead, type Context } from '../command.ts';
import { chooseDestination, openDelivery } from './bundle/destination.ts';
import { ownParts, versionsOf } from './bundle/own-state.ts';
import { reportParts, reportUses } from './bundle/reports.ts';
import { duration } from './duration.ts';

const uses = [
  ...reportUses,
  ...(['audit', 'bundles', 'config', 'errors', 'logs', 'registry', 'speech'] as const),
] as const;

type BundleContext = Context<(typeof uses)[number]>;

const minute = 60_000;
/** Collecting gets so much time, ms; what it did not come to is told. */
const collectMs = 4 * minute;
/** Whether the cluster answers is known by then, ms. */
const settleMs = 15_000;
/** Lines of each log: the last ones, or at most so many of those since a time. */
const usualLines = 3000;
const linesSince = 10_000;
/** In a room; all of it stands in the manifest. */
const mostShownInRoom = 15;

/** `bundle`: all that somebody needs who is to help, without secrets, as one file. */
export const bundle = defineRead({
  words: ['bundle'],
  summary: 'bundle.summary',
  role: 'admin',
  surface: 'everywhere',
  uses,
  arguments: {},
  flags: {
    to: { schema: z.enum(['server', 'room']).optional(), about: 'bundle.to', value: 'PLACE' },
    since: {
      schema: duration({ leastMs: minute, mostMs: 365 * 86_400_000 }).optional(),
      about: 'bundle.since',
      value: 'TIME',
    },
  },
  examples: ['bundle', 'bundle --since=2h', 'bundle --to=server'],
  timeoutMs: () => collectMs + 2 * minute,
  async *run(context, { to, since }) {
    const { bundles: desk, logs, clock, signal } = context;
    const leave = desk.begin();
    try {
      const choice = chooseDestination(context, to);
      const madeAt = clock.now();
      const name = desk.shelf.nameFor(madeAt);
      const delivery = await openDelivery(choice.place, desk, name);
      try {
        await learnSecrets(context);
        const from = since === undefined ? null : madeAt - since;
        const { sink, mostBytes } = delivery;
        const archive = new Archive({ sink, root: name, at: madeAt, mostBytes });
        const redact = (text: string): string => logs.redaction.apply(text);
        const versions = await versionsOf(context, signal);
        const packed = await pack(context, archive, from, redact);
        const facts = { name, madeAt, since: from, versions, mostBytes };
        const manifest = manifestOf(facts, packed, redact);
        const { bytes, sha256 } = await archive.end('manifest.json', manifest);
        const end = await delivery.finish();
        yield* answer(context, packed, choice.insteadOfRoom, [
          // A file in the room shows its name and size by itself.
          ...('path' in end
            ? [
                { id: 'path', label: say('bundle.path'), value: end.path },
                { id: 'bytes', label: say('bundle.bytes'), value: { bytes } },
              ]
            : []),
          { id: 'sha256', label: say('bundle.sha256'), value: sha256 },
        ]);
        if ('content' in end) {
          const mimetype = 'application/gzip';
          yield { type: 'file', name: `${name}.tar.gz`, mimetype, content: end.content };
        }
      } finally {
        await delivery.drop();
      }
    } finally {
      leave();
      desk.tidy();
    }
  },
});

/** The values of the release's own Secrets, where they may be read; else their shape has to do. */
async function learnSecrets({ gauges, kubernetes, logs, signal }: BundleContext): Promise<void> {
  if (!gauges.isConfigured) return;
  const late = AbortSignal.timeout(settleMs);
  const either = AbortSignal.any([signal, late]);
  try {
    await settleView(kubernetes.view, either);
    await logs.redaction.prepare(either);
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
  }
}

function pack(
  context: BundleContext,
  archive: Archive,
  since: number | null,
  redact: (text: string) => string,
): Promise<Packed> {
  const { bundles, errors, gauges, kubernetes, signal, speech } = context;
  const share = { since, lines: since === null ? usualLines : linesSince };
  const parts: readonly BundlePart[] = [
    ...reportParts(context),
    ...ownParts(context, bundles),
    ...(gauges.isConfigured ? [clusterObjects(kubernetes), containerLogs(kubernetes, share)] : []),
  ];
  return packBundle(
    parts,
    {
      ...{ archive, redact, limitMs: collectMs },
      record: (error) => errors.record(error, 'bundle'),
      onPart: (title, nth) => {
        speech.progress(say('bundle.progress', { part: title, nth, of: parts.length }));
      },
    },
    signal,
  );
}

function* answer(
  { gauges, surface }: BundleContext,
  packed: Packed,
  insteadOfRoom: Text | null,
  fields: readonly Field[],
): Generator<ReportNode> {
  const { files, absent } = packed;
  const isWhole = absent.length === 0;
  const text = isWhole
    ? say('bundle.done', { count: files.length })
    : say('bundle.partial', { count: absent.length });
  yield { type: 'outcome', outcome: isWhole ? 'ok' : 'warning', text };
  if (insteadOfRoom !== null) yield { type: 'paragraph', text: insteadOfRoom };
  yield {
    type: 'fields',
    fields: [
      ...fields,
      { id: 'files', label: say('bundle.files'), value: files.length },
      { id: 'masked', label: say('bundle.masked'), value: maskedIn(packed) },
    ],
  };
  if (!gauges.isConfigured) yield { type: 'paragraph', text: say('bundle.no-cluster') };
  const shown = surface === 'room' ? absent.slice(0, mostShownInRoom) : absent;
  if (shown.length > 0) {
    yield {
      type: 'table',
      id: 'left_out',
      columns: [
        { id: 'what', label: say('bundle.column.what') },
        { id: 'why', label: say('bundle.column.why') },
      ],
      rows: shown.map(({ what, why }): readonly Text[] => [what, why]),
    };
  }
  const more = absent.length - shown.length;
  if (more > 0) yield { type: 'paragraph', text: say('bundle.more', { count: more }) };
  yield { type: 'hint', text: say('bundle.private') };
  if (fields.some(({ id }) => id === 'path')) {
    const kept = { count: keptBundles, days: Math.round(keptBundleMs / 86_400_000) };
    yield { type: 'hint', text: say('bundle.kept', kept) };
  }
}
