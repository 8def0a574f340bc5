import { AppError } from '../../core/errors.ts';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import {
  entryServices,
  type Forwarding,
  httpsPort,
  nodeAddress,
  routerTable,
} from '../../ops/stack/router-table.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { readStack, type Stack } from '../../ops/stack/stack.ts';
import type { Service } from '../../platform/kubernetes/port.ts';
import { defineRead } from '../command.ts';
import { dataWarning } from './status/data-age.ts';

/** `info`: where everything is, and what a router has to forward. Never a password. */
export const info = defineRead({
  words: ['info'],
  summary: 'info.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'cluster',
  uses: ['kubernetes', 'gauges', 'identity'],
  arguments: {},
  flags: {},
  examples: ['info'],
  async *run({ kubernetes, gauges, identity, signal }) {
    await settleView(kubernetes.view, signal);
    const stack = readStack(kubernetes);
    const [entry, disk] = await Promise.all([
      asked(entryServices(kubernetes, signal)),
      asked(gauges.disk(signal)),
    ]);
    const services = entry instanceof AppError ? [] : entry;
    yield* dataWarning(stack.data);
    const { serverName } = identity;
    const { unread } = stack.data;
    const unknown = say('health.unknown');
    const storage =
      disk instanceof AppError || disk.storage.is === 'hidden' ? null : disk.storage.path;
    yield {
      type: 'fields',
      id: 'info',
      fields: [
        { id: 'server_name', label: say('info.server-name'), value: serverName },
        { id: 'user_ids', label: say('info.user-ids'), value: `@name:${serverName}` },
        {
          id: 'release',
          label: say('status.release'),
          value: `${stack.namespace}/${stack.release}`,
        },
        {
          id: 'chart',
          label: say('status.chart'),
          value: stack.data.is === 'nothing' ? unknown : stack.chart,
        },
        {
          id: 'node_address',
          label: say('info.node-address'),
          value: unread.includes('Node') ? unknown : nodeAddress(stack.nodes),
        },
        ...(storage === null
          ? []
          : [{ id: 'storage', label: say('info.storage'), value: storage }]),
      ],
    };
    if (stack.ingresses.length > 0) yield urls(stack, httpsPort(services));
    yield* router(routerTable(stack, services), unread.includes('Service') || isAway(entry));
    if (entry instanceof AppError) {
      const cause = say(entry.code, entry.params);
      yield { type: 'hint', text: say('info.entry-hidden', { cause }) };
    } else if (entry.length === 0) yield { type: 'hint', text: say('info.entry-none') };
    const all = [...services, ...stack.services];
    if (all.length > 0) yield serviceTable(all);
  },
});

async function asked<Value>(promise: Promise<Value>): Promise<Value | AppError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function urls(stack: Stack, port: number | null): ReportNode {
  const suffix = port === null ? '' : `:${port}`;
  return {
    type: 'table',
    id: 'urls',
    columns: [
      { id: 'what', label: say('info.column.what') },
      { id: 'url', label: say('info.column.url') },
    ],
    rows: stack.ingresses.flatMap(({ name, rules, tls }): readonly (readonly Text[])[] =>
      rules.flatMap(({ host }) =>
        host === null
          ? []
          : [
              [
                name.slice(stack.release.length + 1),
                tls.length === 0 ? `http://${host}` : `https://${host}${suffix}`,
              ],
            ],
      ),
    ),
  };
}

/** Nobody could be asked. */
const isAway = (found: unknown): boolean =>
  found instanceof AppError && found.code === 'E_KUBERNETES_UNREACHABLE';

function* router(lines: readonly Forwarding[], isUnknown: boolean): Iterable<ReportNode> {
  if (lines.length === 0) {
    const text = say(isUnknown ? 'info.router.unknown' : 'info.router.none');
    yield { type: 'paragraph', text };
    return;
  }
  yield { type: 'title', text: say('info.router') };
  yield {
    type: 'table',
    id: 'router',
    columns: [
      { id: 'outside', label: say('info.column.outside'), align: 'right' },
      { id: 'protocol', label: say('info.column.protocol') },
      { id: 'to', label: say('info.column.to') },
      { id: 'inside', label: say('info.column.inside'), align: 'right' },
      { id: 'purpose', label: say('info.column.for') },
    ],
    rows: lines.map(({ outside, protocol, to, inside, purpose }): readonly Text[] => [
      String(outside),
      protocol,
      to,
      String(inside),
      purpose.is === 'other'
        ? say('info.for.other', { name: purpose.name })
        : say(`info.for.${purpose.is}`),
    ]),
  };
  yield { type: 'hint', text: say('info.router.hint') };
}

function serviceTable(services: readonly Service[]): ReportNode {
  return {
    type: 'table',
    id: 'services',
    columns: [
      { id: 'service', label: say('info.column.service') },
      { id: 'type', label: say('info.column.type') },
      { id: 'ports', label: say('info.column.ports') },
    ],
    rows: services.map(({ name, type, ports }): readonly Text[] => [
      name,
      type,
      ports
        .map(({ port, nodePort, protocol }) =>
          nodePort === null ? `${port}/${protocol}` : `${port}→${nodePort}/${protocol}`,
        )
        .join(', '),
    ]),
  };
}
