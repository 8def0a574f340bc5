import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../wait.ts';
import type { Api } from './api.ts';
import { criLine, genericLog } from './kwok/default-logs.ts';
import type { ContainerRef } from './pods.ts';

/** A line of a log and when it was written, in milliseconds since the epoch. Default: now. */
export interface LogLine {
  readonly text: string;
  readonly at?: number;
  readonly stream?: 'stdout' | 'stderr';
}

const asText = (lines: readonly (LogLine | string)[]): string =>
  lines
    .map((line) => (typeof line === 'string' ? { text: line } : line))
    .map(({ text, at = Date.now(), stream }: LogLine) => criLine(at, text, stream))
    .join('');

/** The containers that have got a log of their own in a pod's folder. */
const containersIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.previous.log'))
    .map((name) => name.slice(0, -'.previous.log'.length));

/** The log of one container of one pod, as a test writes it. */
export class PodLog {
  /** For what is too large for lines: CRI log format. */
  readonly file: string;
  readonly previousFile: string;

  private constructor(folder: string, container: string) {
    this.file = join(folder, `${container}.log`);
    this.previousFile = join(folder, `${container}.previous.log`);
  }

  /** Returns when the node serves it. */
  static async open(api: Api, folder: string, ref: ContainerRef): Promise<PodLog> {
    const { namespace, pod, container } = ref;
    const own = join(folder, 'logs', namespace, pod);
    mkdirSync(own, { recursive: true });
    const log = new PodLog(own, container);
    const mark = `log of ${namespace}/${pod}/${container}`;
    writeFileSync(log.file, criLine(Date.now(), mark));
    writeFileSync(log.previousFile, '');
    const logs = containersIn(own).map((name) => ({
      containers: [name],
      logsFile: join(own, `${name}.log`),
      previousLogsFile: join(own, `${name}.previous.log`),
      follow: true,
    }));
    await api.apply({
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'Logs',
      metadata: { name: pod, namespace },
      spec: { logs: [...logs, genericLog(join(folder, 'logs'))] },
    });
    const read = `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}`;
    await until(
      mark,
      async () => ((await api.raw('GET', read)).text.includes(mark) ? true : undefined),
      { timeoutMs: 30_000 },
    );
    writeFileSync(log.file, '');
    return log;
  }

  /** Adds lines; who follows the log sees them. */
  append(lines: readonly (LogLine | string)[]): void {
    appendFileSync(this.file, asText(lines));
  }

  /** What the run before the last restart wrote. */
  writePrevious(lines: readonly (LogLine | string)[]): void {
    writeFileSync(this.previousFile, asText(lines));
  }
}
