import type { AppError } from '../../core/errors.ts';
import type { OwnFile } from '../../platform/config/own-files.ts';
import type { ServingCertificate } from '../../platform/endpoints/serving-certificate.ts';
import type { Access } from '../access/try-access.ts';
import type { DiskReport } from '../disk/disk.ts';
import type { Probed } from '../health/probe.ts';
import type { Neighbour } from '../stack/neighbours.ts';
import type { StackState } from '../stack/state.ts';
import type { Fact } from './finding.ts';
import type { OwnState } from './machine.ts';

/** Public signing keys as the home server shows them (Matrix spec, server-server API, 3.2), by id. */
export interface SigningKeys {
  readonly current: ReadonlyMap<string, string>;
  readonly old: ReadonlyMap<string, string>;
}

/** What clients are told at the server name. */
export interface ClientWellKnown {
  readonly status: number;
  /** Where calls are (`livekit_service_url`); null: it is no such document. */
  readonly foci: readonly string[] | null;
}

/** The last lines of one container's log, without secrets. */
export interface PodLog {
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
}

/** How the SFU finds the address that it tells clients; null: its config does not say. */
export interface SfuAddress {
  /** By STUN. */
  readonly useExternalIp: boolean | null;
  readonly nodeIp: string | null;
}

/** Components whose logs are looked through for known lines. */
export const readLogsOf = ['rtc-auth', 'postgres', 'synapse'] as const;
/** One of {@link readLogsOf}. */
export type ReadLog = (typeof readLogsOf)[number];

/** All that the doctor looks at. `none` of a fact: there is no such thing here. */
export interface Facts {
  /** ms since the epoch. */
  readonly now: number;
  readonly serverName: string;
  /** What keeps the bot from starting; null: nothing. */
  readonly start: AppError | null;
  /** `none`: the bot can't start, so nobody can say. */
  readonly own: Fact<OwnState>;
  readonly files: Fact<readonly OwnFile[]>;
  readonly access: Fact<Access>;
  readonly state: Fact<StackState>;
  /** What the parts of the stack answer over HTTP. */
  readonly answers: Fact<readonly Probed[]>;
  readonly signingKeys: Fact<SigningKeys>;
  /** `none`: calls are not installed. */
  readonly wellKnown: Fact<ClientWellKnown>;
  readonly logs: Readonly<Record<ReadLog, Fact<readonly PodLog[]>>>;
  /** Logs of those runs of the SFU that crashed; empty: it does not crash. */
  readonly sfuCrashes: Fact<readonly PodLog[]>;
  readonly sfuAddress: Fact<SfuAddress>;
  /** Cluster address of the way in (Traefik); null: unknown. */
  readonly entryAddress: string | null;
  readonly apiCertificate: Fact<ServingCertificate>;
  readonly disk: Fact<DiskReport>;
  readonly neighbours: Fact<readonly Neighbour[]>;
  /** Version of Helm on this machine. */
  readonly helm: Fact<string>;
}
