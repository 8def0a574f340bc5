/**
 * A process of its own that moves 128 MiB through the port with a consumer that stalls, and tells how
 * much its memory grew: `stalling.ts KUBECONFIG NAMESPACE exec-out|exec-in|logs`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../../src/platform/clock.ts';
import { openKubernetes } from '../../../../src/platform/kubernetes/open.ts';
import type { ExecRequest } from '../../../../src/platform/kubernetes/port.ts';
import { silentLog } from '../../../unit/platform/kubernetes/api-server.ts';

const mebi = 1024 * 1024;
const total = 128 * mebi;
const [kubeconfig = '', namespace = '', way = ''] = process.argv.slice(2);
const kubernetes = openKubernetes({
  ...{ from: { kubeconfig }, release: 'ess', namespace, clock: systemClock, log: silentLog },
});

const box = (command: ExecRequest['command'], stdin?: AsyncIterable<Uint8Array>): ExecRequest => ({
  ...{ namespace: kubernetes.namespace, name: 'box', container: 'main', command },
  ...{ orphanGuard: { is: 'none' }, ...(stdin === undefined ? {} : { stdin }) },
});

/** Does nothing for a second after the first bytes and in the middle. */
async function read(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  let stalls = [0, total / 2];
  for await (const part of stream) {
    size += part.length;
    if (size <= (stalls[0] ?? Number.POSITIVE_INFINITY)) continue;
    stalls = stalls.slice(1);
    await pause(1000);
  }
  return size;
}

async function* blocks(bytes: number): AsyncGenerator<Uint8Array> {
  const block = Buffer.alloc(mebi, 'urtc');
  for (let sent = 0; sent < bytes; sent += block.length) yield await Promise.resolve(block);
}

/** Moves so many bytes one way; returns how many arrived. */
async function move(bytes: number): Promise<number> {
  switch (way) {
    case 'exec-out': {
      const command = ['head', '-c', String(bytes), '/dev/zero'] as const;
      const { stdout, result } = await kubernetes.exec(box([...command]));
      const size = await read(stdout);
      await result;
      return size;
    }
    case 'exec-in': {
      // The node of the lab never ends stdin, so the program counts.
      const script = `head -c ${bytes} | { head -c 1 >/dev/null; sleep 1; cat; } | wc -c`;
      const ended = await kubernetes.run(box(['sh', '-c', script], blocks(bytes)));
      return Number(Buffer.from(ended.stdout).toString());
    }
    case 'logs':
      return read(
        kubernetes.logs({
          ...{ namespace: kubernetes.namespace, name: 'box', container: 'main' },
          ...(bytes === total ? {} : { limitBytes: bytes }),
        }),
      );
    default:
      throw new Error(`no way ${way}`);
  }
}

await move(mebi);
const before = process.memoryUsage.rss();
let most = before;
const timer = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 20);
const size = await move(total);
clearInterval(timer);
most = Math.max(most, process.memoryUsage.rss());
process.stdout.write(JSON.stringify({ before, grown: most - before, size }));
await kubernetes.close();
