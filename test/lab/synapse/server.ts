import { cpSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../cache.ts';
import { LabError } from '../failure.ts';
import { freePort } from '../ports.ts';
import { within } from '../wait.ts';
import { serverName, writeSynapseConfig, type Limits } from './config.ts';
import { installSynapse } from './install.ts';
import { PortTaken, runSynapse, type SynapseProcess } from './process.ts';
import { databaseTemplate } from './template.ts';

/** What {@link startSynapse} is told. */
export interface SynapseOptions {
  readonly limits: Limits;
  /** All that this home server reads and writes lies here. A used folder is carried on with. */
  readonly folder: string;
  readonly progress?: Progress | undefined;
  /** How far its time of day is ahead of the true one (behind: negative), in milliseconds. */
  readonly clockOffsetMs?: number;
}

/** A copy of a home server's data at one moment. */
export interface Snapshot {
  readonly folder: string;
}

/** A real Synapse on loopback. Its URL stays the same over stops and restarts. */
export interface SynapseServer {
  readonly baseUrl: string;
  readonly serverName: string;
  readonly folder: string;
  /** Of the run at present. @throws LabError while it is stopped. */
  readonly pid: number;
  /** Starts it again after `stop` or `kill`; nothing to do while it runs. */
  start(): Promise<void>;
  /** Ends it in an orderly way; if that takes over 10 s, by kill -9. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** kill -9, returns when it is gone. */
  kill(): Promise<void>;
  /** It keeps its sockets but does nothing (SIGSTOP), until `resume`. */
  pause(): void;
  resume(): void;
  /** Moves its time of day while it runs; the offset stays over restarts. */
  setClock(offsetMs: number): Promise<void>;
  /** Copies all its data, consistently: a running server is stopped for that and started again. */
  snapshot(): Promise<Snapshot>;
  /** Puts a copy back, as an administrator does after a disaster; runs afterwards if it ran before. */
  restore(snapshot: Snapshot): Promise<void>;
}

const data = ['homeserver.db', 'homeserver.db-wal', 'homeserver.db-shm', 'media'] as const;

const copyData = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of data) {
    rmSync(join(to, name), { recursive: true, force: true });
    if (existsSync(join(from, name))) {
      cpSync(join(from, name), join(to, name), { recursive: true });
    }
  }
};

/**
 * Starts a Synapse of its own, installing it first if need be. From a warm cache it listens
 * after about 1.4 s, nearly all of which Python spends importing it; a nursery spares that.
 *
 * @throws LabError with Synapse's last lines when it does not come up.
 */
export const startSynapse = async (options: SynapseOptions): Promise<SynapseServer> => {
  const { folder, limits, progress } = options;
  const installation = await installSynapse(progress);
  const template = await databaseTemplate(installation, progress);
  mkdirSync(folder, { recursive: true });
  const database = join(folder, 'homeserver.db');
  if (!existsSync(database)) copyFileSync(template, database);

  let clockOffsetMs = options.clockOffsetMs ?? 0;
  let snapshots = 0;
  let running: SynapseProcess | undefined;
  let port = await freePort();

  const run = async (): Promise<void> => {
    const configFile = writeSynapseConfig({ folder, port, limits });
    running = await runSynapse({ python: installation.python, configFile, folder, clockOffsetMs });
  };
  const current = (): SynapseProcess => {
    if (running === undefined) throw new LabError('this Synapse is stopped');
    return running;
  };
  const start = async (): Promise<void> => {
    if (running === undefined) await run();
  };
  const kill = async (): Promise<void> => {
    const old = running;
    running = undefined;
    old?.signal('SIGKILL');
    await old?.ended;
  };
  const stop = async (): Promise<void> => {
    const old = running;
    if (old === undefined) return;
    running = undefined;
    old.signal('SIGTERM');
    old.signal('SIGCONT');
    try {
      await within('the end of Synapse', old.ended, 10_000);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      old.signal('SIGKILL');
      await old.ended;
    }
  };
  const stopped = async (work: () => void): Promise<void> => {
    const wasRunning = running !== undefined;
    await stop();
    work();
    if (wasRunning) await start();
  };

  progress?.('Synapse: starting');
  for (let attempt = 1; running === undefined; attempt += 1) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === 5) throw error;
      port = await freePort();
    }
  }

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    serverName,
    folder,
    get pid() {
      return current().pid;
    },
    start,
    stop,
    kill,
    restart: async () => {
      await stop();
      await start();
    },
    pause: () => {
      current().signal('SIGSTOP');
    },
    resume: () => {
      current().signal('SIGCONT');
    },
    setClock: async (offsetMs) => {
      clockOffsetMs = offsetMs;
      await running?.setClock(offsetMs);
    },
    snapshot: async () => {
      snapshots += 1;
      const copy = join(folder, `snapshot-${snapshots}`);
      await stopped(() => {
        copyData(folder, copy);
      });
      return { folder: copy };
    },
    restore: async (snapshot) => {
      await stopped(() => {
        copyData(snapshot.folder, folder);
      });
    },
  };
};
