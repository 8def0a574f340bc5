import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many lines a log has that no test has written, and how far apart they are. */
const lines = 120;
const apartMs = 15_000;

/** What the chart's containers say, roughly; in turn. */
const sayings: Readonly<Record<string, readonly string[]>> = {
  synapse: [
    'synapse.access.http.8008 - 460 - INFO - GET-{n} - 10.42.0.7 - 8008 - {None} Processed request: 0.004sec/0.000sec (0.002sec, 0.000sec) (0.001sec/0.002sec/2) 231B 200 "GET /_matrix/client/v3/sync HTTP/1.1" "Element" [0 dbevts]',
    'synapse.storage.txn - 123 - INFO - background_updates-{n} - Finished in 12 ms',
    'synapse.federation.transport.server - 88 - WARNING - PUT-{n} - Unable to reach destination matrix.example.net',
  ],
  'matrix-authentication-service': [
    'INFO http.server.request Successful response {n} GET /health 200',
    'INFO mas_handlers::compat::login User logged in request={n}',
  ],
  postgres: [
    'LOG:  checkpoint starting: time {n}',
    'LOG:  checkpoint complete: wrote {n} buffers',
    'ERROR:  canceling statement due to user request {n}',
  ],
  sfu: [
    'INFO livekit rtc/room.go new participant joined {n}',
    'DEBUG livekit rtc/transport.go connection quality {n}',
  ],
  haproxy: [
    'synapse-http-in synapse-main/main 0/0/0/4/4 200 231 {n} "GET /_matrix/client/versions"',
  ],
};

/** Container logs as containerd writes them. Source: CRI logging, `TIME STREAM F TEXT`. */
export const criLine = (at: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): string =>
  `${new Date(at).toISOString().replace('Z', '000000Z')} ${stream} F ${text}\n`;

const write = (folder: string, name: string, texts: readonly string[]): string => {
  const file = join(folder, `${name}.log`);
  const now = Date.now();
  const line = (n: number): string =>
    criLine(
      now - (lines - n) * apartMs,
      (texts[n % texts.length] ?? '').replaceAll('{n}', String(n)),
    );
  writeFileSync(file, Array.from({ length: lines }, (_, n) => line(n)).join(''));
  return file;
};

/** For a container that nothing is known of. */
export const genericLog = (folder: string) => ({
  logsFile: join(folder, 'generic.log'),
  previousLogsFile: join(folder, 'generic.previous.log'),
  follow: true,
});

/** Writes the logs of all containers that no test has written one for; kwok's resource for them. */
export const defaultLogs = (folder: string): unknown => {
  const previous = ['the run before {n}'];
  write(folder, 'generic', ['started {n}', 'request handled {n}']);
  write(folder, 'generic.previous', previous);
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'default' },
    spec: {
      logs: [
        ...Object.entries(sayings).map(([container, texts]) => ({
          containers: [container],
          logsFile: write(folder, container, texts),
          previousLogsFile: write(folder, `${container}.previous`, previous),
          follow: true,
        })),
        genericLog(folder),
      ],
    },
  };
};
