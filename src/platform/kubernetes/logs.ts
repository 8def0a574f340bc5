import type { ApiClient } from './http/api-client.ts';
import { unreachable } from './http/failure.ts';
import { abortReason } from './abort-reason.ts';
import type { LogRequest } from './port.ts';
import { YoungBuffers } from './young-buffers.ts';

/**
 * A container's log, byte for byte, as fast as it is read (Kubernetes API, `read log of the
 * specified Pod`). Throws `E_KUBERNETES_*` or the signal's reason.
 */
export async function* readLogs(
  client: ApiClient,
  request: LogRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { namespace, name, container, since, tail, previous, follow, timestamps, limitBytes } =
    request;
  const flags = { previous, follow, timestamps };
  const query: Record<string, string> = { container };
  // A log shorter than a second: the API takes no part of one.
  if (since !== undefined) query['sinceTime'] = new Date(since).toISOString();
  if (tail !== undefined) query['tailLines'] = String(tail);
  if (limitBytes !== undefined) query['limitBytes'] = String(limitBytes);
  for (const [flag, value] of Object.entries(flags)) if (value === true) query[flag] = 'true';
  const answer = await client.open({
    method: 'GET',
    verb: 'get',
    target: { group: '', version: 'v1', resource: 'pods', namespace, name, subresource: 'log' },
    query,
    signal,
  });
  const young = new YoungBuffers();
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  try {
    for await (const part of answer) {
      if (!Buffer.isBuffer(part)) throw new TypeError('a log with an encoding');
      // Not every kubelet counts (kwok does not).
      yield part.subarray(0, left);
      young.passed(part.length);
      left -= part.length;
      if (left <= 0) return;
    }
  } catch (error) {
    if (signal?.aborted === true) throw abortReason(signal);
    throw unreachable((await client.connection()).url, error);
  } finally {
    answer.destroy();
  }
}
