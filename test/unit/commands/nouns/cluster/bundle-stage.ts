import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../../../../src/commands/nouns/bundle.ts';
import { Mask } from '../../../../../src/core/mask.ts';
import { parseErrorId } from '../../../../../src/core/ids.ts';
import type { ReportNode } from '../../../../../src/core/report.ts';
import type { AuditEntry } from '../../../../../src/commands/capabilities.ts';
import { BundleDesk } from '../../../../../src/ops/bundle/bundle-desk.ts';
import { noGauges } from '../../../../../src/ops/gauges/no-gauges.ts';
import { LogDesk } from '../../../../../src/ops/logs/log-desk.ts';
import { createRedaction } from '../../../../../src/ops/redaction/redaction.ts';
import { noCluster } from '../../../../../src/ops/stack/no-cluster.ts';
import { BundleShelf } from '../../../../../src/platform/bundles/bundle-shelf.ts';
import type { FakeCluster } from '../../../../fakes/cluster.ts';
import { silentLog } from '../../dispatch/world.ts';
import { unpacked, type Unpacked } from '../../../ops/bundle/unpacked.ts';
import { tempFolder } from '../../../platform/store/temp-folder.ts';
import { nodesOf } from '../read.ts';
import { HeardSpeech, linesOfNodes } from './cluster-stage.ts';
import { contextOf, gaugesWith, well } from './see-stage.ts';

/** What a bundle is asked of. */
export interface BundleSetting {
  /** Null: the config names none. */
  readonly cluster: FakeCluster | null;
  readonly config?: string;
  readonly errors?: readonly string[];
  readonly audit?: readonly AuditEntry[];
  /** Null: no bot runs. */
  readonly ownLog?: readonly string[] | null;
}

/** How it is asked for. */
export interface BundleWish {
  readonly to?: 'server' | 'room';
  readonly since?: number;
}

/** A folder of bundles, and everything that goes into one. */
export function setBundleStage(setting: BundleSetting) {
  const { cluster, config = 'language: en\n', errors = [], audit = [] } = setting;
  const { ownLog = ['{"msg":"started"}'] } = setting;
  const folder = join(tempFolder(), 'bundles');
  const speech = new HeardSpeech();
  const seen = contextOf(cluster, cluster === null ? noGauges : gaugesWith(well()));
  const { clock } = seen;
  const kubernetes = cluster ?? noCluster;
  const redaction = createRedaction({ mask: new Mask(), kubernetes, clock });
  const recorded: unknown[] = [];
  const desk = new BundleDesk({
    ...{ shelf: new BundleShelf(folder), clock, log: silentLog },
    ownLog: ownLog === null ? null : () => ownLog,
  });
  const id = parseErrorId('e2345678');
  const entries = audit.length;
  const intact = Promise.resolve({ state: 'intact', entries, anchoredUpTo: 0 } as const);
  const context = {
    ...seen,
    machine: { ownFiles: () => [], helmVersion: () => Promise.resolve('v4.2.4') },
    ...{ speech, bundles: desk, logs: new LogDesk(redaction), registry: { commands: [bundle] } },
    audit: {
      list: () => audit,
      verify: () => intact,
      verifyFile: () => intact,
      anchors: null,
    },
    config: {
      isRunning: true,
      redacted: () => config,
      reload: () => Promise.reject(new Error('not here')),
    },
    errors: {
      record: (error: unknown) => {
        recorded.push(error);
        return id;
      },
      find: () => ({ id, at: 0, command: null, detail: '' }),
      latest: () => errors.map((detail) => ({ id, at: 0, command: 'status', detail })),
    },
  };
  const ask = (
    { to, since }: BundleWish = {},
    more: { readonly surface?: 'room' | 'terminal'; readonly signal?: AbortSignal } = {},
  ): Promise<readonly ReportNode[]> => nodesOf(bundle.run({ ...context, ...more }, { to, since }));
  return { ask, folder, speech, desk, context, recorded };
}

/** The bundle that an answer brings or names. */
export function bundleIn(nodes: readonly ReportNode[]): { bytes: Uint8Array; open: Unpacked } {
  const path = fieldOf(nodes, 'path');
  const file = nodes.find((node) => node.type === 'file');
  const bytes = path === undefined ? file?.content : readFileSync(path);
  if (bytes === undefined) throw new Error(`no bundle in ${linesOfNodes(nodes).join('\n')}`);
  return { bytes, open: unpacked(bytes) };
}

/** A field of an answer, as text. */
export function fieldOf(nodes: readonly ReportNode[], id: string): string | undefined {
  const fields = nodes.flatMap((node) => (node.type === 'fields' ? node.fields : []));
  const value = fields.find((field) => field.id === id)?.value;
  return typeof value === 'string' ? value : undefined;
}
