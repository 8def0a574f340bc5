import type { Field, ReportNode } from '../../../core/report.ts';
import { say, type Text } from '../../../core/text.ts';
import type { DiskReport } from '../../../ops/disk/disk.ts';
import { diskText } from '../../../ops/health/cluster-probes.ts';
import type { HealingSnapshot } from '../../../ops/healing/healing-desk.ts';
import type { Neighbour } from '../../../ops/stack/neighbours.ts';
import { levelText } from '../../../ops/stack/problem-text.ts';
import type { StackState } from '../../../ops/stack/state.ts';
import type { ServingCertificate } from '../../../platform/endpoints/serving-certificate.ts';
import { shownActor } from '../../actor-name.ts';

/** What `status` shows of the cluster. What could not be found out is null. */
export interface ClusterPage {
  readonly state: StackState;
  readonly neighbours: readonly Neighbour[] | null;
  readonly disk: DiskReport | null;
  readonly apiCertificate: ServingCertificate | null;
  readonly now: number;
}

/** The nodes of one screen, worst first within each. */
export function clusterNodes(page: ClusterPage, healing: HealingSnapshot): readonly ReportNode[] {
  const { stack } = page.state;
  const missing = stack.notInstalled.map(({ title }) => title).join(', ');
  return [
    ...(stack.components.length === 0 ? [] : [components(page)]),
    ...(missing === '' || stack.components.length === 0
      ? []
      : [{ type: 'paragraph', text: say('status.not-installed', { names: missing }) } as const]),
    cluster(page, healing),
    certificates(page),
    ...(page.disk === null ? [] : [storage(page.disk, page.now)]),
  ];
}

const age = (moment: number | null, now: number): Text =>
  moment === null ? null : { span: Math.max(0, now - moment) };

function components({ state, now }: ClusterPage): ReportNode {
  return {
    type: 'table',
    id: 'components',
    columns: [
      { id: 'component', label: say('status.column.component') },
      { id: 'level', label: say('status.column.level') },
      { id: 'ready', label: say('status.column.ready'), align: 'right' },
      { id: 'restarts', label: say('status.column.restarts'), align: 'right' },
      { id: 'age_ms', label: say('status.column.age'), align: 'right' },
      { id: 'version', label: say('status.column.version') },
    ],
    rows: state.components.map(({ component, level, restarts, since }): readonly Text[] => [
      component.kind.title,
      levelText(level),
      `${component.workload.ready}/${component.workload.wanted}`,
      restarts,
      age(since, now),
      component.version,
    ]),
  };
}

function cluster({ state, neighbours }: ClusterPage, healing: HealingSnapshot): ReportNode {
  const { stack } = state;
  const kubelets = [...new Set(stack.nodes.map(({ kubeletVersion }) => kubeletVersion))];
  const addresses = stack.nodes.map(({ name, addresses: all }) => {
    const address = all.find(({ type }) => type === 'InternalIP')?.address;
    return address === undefined ? name : `${name} (${address})`;
  });
  const fields: readonly Field[] = [
    { id: 'release', label: say('status.release'), value: `${stack.namespace}/${stack.release}` },
    { id: 'chart', label: say('status.chart'), value: stack.chart },
    { id: 'kubernetes', label: say('status.kubernetes'), value: kubelets.join(', ') || null },
    { id: 'nodes', label: say('status.nodes'), value: addresses.join(', ') || null },
    ...(neighbours ?? []).map((each): Field => ({
      id: each.name.toLowerCase().replace('-', '_'),
      label: each.name,
      value: neighbourText(each),
    })),
    { id: 'healing', label: say('healing.status'), value: healingText(healing) },
  ];
  return { type: 'fields', id: 'cluster', fields };
}

function healingText({ isOn, paused, stopped }: HealingSnapshot): Text {
  if (!isOn) return say('healing.status.off');
  if (paused !== null) {
    const { at, actor } = paused;
    return say('healing.status.paused', { person: shownActor(actor), at: { moment: at } });
  }
  if (stopped.length === 0) return say('healing.status.on');
  return say('healing.status.stopped', { components: stopped.join(', ') });
}

function neighbourText(neighbour: Neighbour): Text {
  switch (neighbour.is) {
    case 'there': {
      const { version, ready, wanted } = neighbour;
      const of = `${ready}/${wanted}`;
      return say('status.neighbour', { version: version ?? say('status.no-version'), ready: of });
    }
    case 'absent':
      return say('status.neighbour.absent');
    case 'hidden':
      return say('status.not-visible');
    default:
      return neighbour satisfies never;
  }
}

function certificates({ state, apiCertificate, now }: ClusterPage): ReportNode {
  const rows: (readonly Text[])[] = [...state.stack.certificates]
    .sort((one, other) => (one.notAfter ?? 0) - (other.notAfter ?? 0))
    .map(({ name, hosts, notAfter }) => [
      name,
      hosts.join(', '),
      notAfter === null ? null : { moment: notAfter },
      notAfter === null ? null : { span: notAfter - now },
    ]);
  // The files of K3s are root's; the handshake shows the one that people run into.
  const own: readonly Text[] =
    apiCertificate === null
      ? [say('status.api-certificate'), '', say('status.not-visible'), null]
      : [
          say('status.api-certificate'),
          apiCertificate.host,
          { moment: apiCertificate.notAfter },
          { span: apiCertificate.notAfter - now },
        ];
  return {
    type: 'table',
    id: 'certificates',
    columns: [
      { id: 'name', label: say('status.column.certificate') },
      { id: 'hosts', label: say('status.column.hosts') },
      { id: 'ends', label: say('status.column.ends') },
      { id: 'left_ms', label: say('status.column.left'), align: 'right' },
    ],
    rows: [...rows, own],
  };
}

function storage(disk: DiskReport, now: number): ReportNode {
  const { databases, mediaBytes, connections, measuredAt } = disk;
  const fields: readonly Field[] = [
    { id: 'disk', label: say('status.disk'), value: diskText(disk) },
    ...databases.map(({ name, bytes }): Field => ({
      id: `database_${name}_bytes`,
      label: say('status.database', { name }),
      value: { bytes },
    })),
    ...(connections === null
      ? []
      : [
          {
            id: 'database_connections',
            label: say('status.connections'),
            value: `${connections.used}/${connections.most}`,
          },
        ]),
    ...(mediaBytes === null
      ? []
      : [{ id: 'media_bytes', label: say('status.media'), value: { bytes: mediaBytes } }]),
    ...(measuredAt === null
      ? []
      : [{ id: 'measured_ago_ms', label: say('status.measured'), value: age(measuredAt, now) }]),
  ];
  return { type: 'fields', id: 'storage', fields };
}
