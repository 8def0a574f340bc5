import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../failure.ts';
import { freePort } from '../ports.ts';
import { installSynapse } from '../synapse/install.ts';
import { until } from '../wait.ts';
import { alertmanagerPrograms, type AlertmanagerVersion } from './alertmanager-program.ts';
import type { Pem } from './self-signed.ts';

/** What an Alertmanager is told. */
export interface AlertmanagerOptions {
  /** All that it reads and writes lies here. */
  readonly folder: string;
  /** Where it posts, and with which bearer. */
  readonly webhook: string;
  readonly token: string;
  /** Default: by `alertname`. `['...']`: each alert is a group. */
  readonly groupBy?: readonly string[];
  /** How often it posts about a group, and again where nothing has changed. Default: 10 s, 1 h. */
  readonly intervals?: { readonly group: string; readonly repeat: string };
  /** Default: the one of today. */
  readonly version?: AlertmanagerVersion;
  /** Whose certificate it trusts, and the one that it shows. Default: it posts without TLS. */
  readonly tls?: { readonly trusted: string; readonly own: Pem };
}

/** An alert as Prometheus reports it. */
export interface ReportedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Now, if it is over; else Alertmanager gives it up after five minutes without a word. */
  readonly endsAt?: string;
  readonly startsAt?: string;
}

const silences = z.array(
  z.looseObject({ id: z.string(), comment: z.string(), createdBy: z.string() }),
);
const alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    fingerprint: z.string(),
    status: z.object({ state: z.string() }),
  }),
);
const wrapper = join(import.meta.dirname, '../die-with-parent.py');

/** A real Alertmanager on loopback. */
export class Alertmanager {
  readonly url: string;
  readonly #port: number;
  readonly #options: AlertmanagerOptions;
  #process: ChildProcess | undefined;

  private constructor(options: AlertmanagerOptions, port: number) {
    this.#options = options;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts one, building it first if need be. @throws LabError when it does not come up. */
  static async start(options: AlertmanagerOptions): Promise<Alertmanager> {
    const started = new Alertmanager(options, await freePort());
    await started.start();
    return started;
  }

  /** Starts it again after `kill`; its data are still there. */
  async start(): Promise<void> {
    const { folder, webhook, token, groupBy = ['alertname'] } = this.#options;
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'alertmanager.yml');
    const http_config = { authorization: { credentials: token }, ...this.#writeTls() };
    const receiver = { name: 'urtc', webhook_configs: [{ url: webhook, http_config }] };
    const { group, repeat } = this.#options.intervals ?? { group: '10s', repeat: '1h' };
    const times = { group_wait: '1s', group_interval: group, repeat_interval: repeat };
    const route = { receiver: 'urtc', group_by: groupBy, ...times };
    // JSON is YAML.
    writeFileSync(config, JSON.stringify({ route, receivers: [receiver] }), { mode: 0o600 });
    const logFile = join(folder, 'alertmanager.log');
    const log = openSync(logFile, 'a');
    const { python } = await installSynapse();
    const { alertmanager } = await alertmanagerPrograms(undefined, this.#options.version);
    const flags = [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${this.#port}`,
      `--web.external-url=${this.url}`,
      '--cluster.listen-address=',
    ];
    const command = ['-I', '-S', wrapper, String(process.pid), alertmanager, ...flags];
    const child = spawn(python, command, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process = child;
    await until(
      'Alertmanager',
      async () => {
        if (child.exitCode !== null) throw new LabError(readFileSync(logFile, 'utf8').slice(-2000));
        try {
          return (await fetch(`${this.url}/-/ready`)).ok ? true : undefined;
        } catch (error) {
          if (error instanceof TypeError) return undefined;
          throw error;
        }
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
  }

  #writeTls(): object {
    const { folder, tls } = this.#options;
    if (tls === undefined) return {};
    const write = (name: string, text: string): string => {
      const file = join(folder, name);
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    };
    const { cert, key } = tls.own;
    return {
      tls_config: {
        ca_file: write('trusted.pem', tls.trusted),
        cert_file: write('cert.pem', cert),
        key_file: write('key.pem', key),
      },
    };
  }

  /** kill -9; returns when it is gone. */
  async kill(): Promise<void> {
    const old = this.#process;
    this.#process = undefined;
    if (old === undefined || old.exitCode !== null || old.signalCode !== null) return;
    const ended = once(old, 'exit');
    old.kill('SIGKILL');
    await ended;
  }

  /** As Prometheus does. */
  async report(alerts: readonly ReportedAlert[]): Promise<void> {
    const answer = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    if (!answer.ok) throw new LabError(`Alertmanager answers ${answer.status}`);
  }

  /** A counter of its own, summed over its labels but for those that are asked for (`name="value"`). */
  async counter(name: string, label = ''): Promise<number> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    return page
      .split('\n')
      .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** What it says of its silences. */
  async silences() {
    return silences.parse(await (await fetch(`${this.url}/api/v2/silences`)).json());
  }

  /** Whether it tells of the one alert with this name or instance (`active`) or not (`suppressed`). */
  async stateOf(name: string): Promise<string> {
    return (await this.#one(name)).status.state;
  }

  /** Fingerprint of the one alert with this name or instance. */
  async fingerprintOf(name: string): Promise<string> {
    return (await this.#one(name)).fingerprint;
  }

  async #one(name: string) {
    const all = alerts.parse(await (await fetch(`${this.url}/api/v2/alerts`)).json());
    const [found] = all.filter(({ labels }) =>
      [labels['alertname'], labels['instance']].includes(name),
    );
    if (found === undefined) throw new LabError(`Alertmanager has no alert ${name}`);
    return found;
  }
}
