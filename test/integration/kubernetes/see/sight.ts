import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../../../src/commands/actor.ts';
import type { BotHealth } from '../../../../src/commands/capabilities.ts';
import { events } from '../../../../src/commands/nouns/events.ts';
import { health } from '../../../../src/commands/nouns/health.ts';
import { info } from '../../../../src/commands/nouns/info.ts';
import { perf } from '../../../../src/commands/nouns/perf.ts';
import { status } from '../../../../src/commands/nouns/status.ts';
import { outcomeOfReport } from '../../../../src/commands/jobs/endings.ts';
import { jsonDocument, type JsonDocument } from '../../../../src/commands/render/json.ts';
import { renderTerminal } from '../../../../src/commands/render/terminal.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { createGauges } from '../../../../src/ops/gauges/cluster-gauges.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { ClusterEndpoints } from '../../../../src/platform/endpoints/cluster-endpoints.ts';
import type { EndpointUrls } from '../../../../src/platform/endpoints/endpoint.ts';
import type { Kubernetes } from '../../../../src/platform/kubernetes/port.ts';
import { createSamples, type Samples } from '../../../../src/platform/store/samples.ts';
import { openState } from '../../../../src/platform/store/state.ts';
import { nodesOf } from '../../../unit/commands/nouns/read.ts';

/** What a command showed. */
export interface Seen {
  readonly nodes: readonly ReportNode[];
  readonly json: JsonDocument;
  /** The terminal's page in English, without colour. */
  readonly page: string;
  readonly tookMs: number;
  /** How many requests it sent to the API server. */
  readonly requests: number;
}

/** The commands that see, on one port to a cluster. */
export interface Sight {
  readonly samples: Samples;
  see(command: 'status' | 'health' | 'info' | 'events' | 'perf'): Promise<Seen>;
  events(component: string | undefined, all?: boolean): Promise<Seen>;
  close(): void;
}

const actor: Actor = { kind: 'local', login: 'root', rank: 'owner' };

const botHealth: BotHealth = {
  snapshot: () =>
    Promise.resolve({
      version: '1.2.3',
      startedAt: Date.now() - 60_000,
      homeserver: { url: 'http://hs', reachable: true, version: '1.159.0', adminProblem: null },
      auditFault: null,
      keysLost: false,
      recoveryKey: { state: 'none' },
      lastSyncAt: Date.now(),
      inboxPending: 0,
      outbox: { queued: 0, oldestAgeMs: 0 },
      store: { bytes: 1, freeBytes: 1e10, writable: true },
    }),
};

/** Lets the commands look through a port. `urls`: where the stack answers instead of its Services. */
export function lookThrough(kubernetes: Kubernetes, urls: EndpointUrls, serverName: string): Sight {
  const clock = systemClock;
  const folder = mkdtempSync(join(tmpdir(), 'urtc-sight-'));
  const database = openState(folder);
  const samples = createSamples(database);
  const endpoints = new ClusterEndpoints({ kubernetes, urls, clock });
  const gauges = createGauges({ kubernetes, endpoints, samples, clock, storagePath: null });
  const identity = { version: '0', botUser: parseUserId(`@urtc:${serverName}`), serverName };
  const unused = (): never => {
    throw new Error('no command that sees needs that');
  };
  const jobs = { list: () => [], find: unused, assertCancellable: unused, cancel: unused };
  const run = async (read: (signal: AbortSignal) => Promise<readonly ReportNode[]>) => {
    const before = kubernetes.requests;
    const begun = performance.now();
    const nodes = await read(AbortSignal.timeout(20_000));
    const tookMs = performance.now() - begun;
    const answer = { command: null, job: null, outcome: outcomeOfReport(nodes), nodes };
    return {
      nodes,
      tookMs,
      json: jsonDocument(answer, 'en'),
      page: renderTerminal(nodes, 'en', { width: 160, colour: false }),
      requests: kubernetes.requests - before,
    };
  };
  const context = (signal: AbortSignal) => ({
    ...{ kubernetes, gauges, identity, clock, jobs, actor, signal, health: botHealth },
    healing: {
      snapshot: () => ({ isOn: false, paused: null, stopped: [] }),
      ...{ pause: unused, resume: unused },
    },
    language: 'en' as const,
    surface: 'terminal' as const,
  });
  const reads = { status, health, info, events, perf };
  return {
    samples,
    see: (command) =>
      run((signal) => {
        const input = { component: undefined, all: true, limit: 200, hours: 6 };
        return nodesOf(reads[command].run(context(signal), input));
      }),
    events: (component, all = true) =>
      run((signal) => nodesOf(events.run(context(signal), { component, all, limit: 200 }))),
    close: () => {
      endpoints.close();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
