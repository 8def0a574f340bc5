import { request as plainRequest, type Agent, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import type { EndpointAnswer, EndpointRequest } from './endpoint.ts';

/** Longest text that is read. */
const maxBytes = 1024 * 1024;

/** Where a request goes. */
export interface Address {
  /** Base URL; a path in front is kept. */
  readonly url: string;
  /** Makes the connections; left out: Node's own. */
  readonly agent?: Agent;
}

/** A request that took longer than it may. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Sends one request and reads the answer, bounded in time and size. Throws Node's own errors. */
export function exchange(
  address: Address,
  { method = 'GET', path, host, headers = {}, body, timeoutMs, signal }: EndpointRequest,
): Promise<Omit<EndpointAnswer, 'way'>> {
  const base = new URL(address.url);
  const begun = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const options: RequestOptions = {
    method,
    path: `${base.pathname.replace(/\/+$/, '')}${path}`,
    headers: { accept: '*/*', ...headers, ...(host === undefined ? {} : { host }) },
    signal: ended,
    ...(address.agent === undefined ? {} : { agent: address.agent }),
  };
  const send = base.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise<Omit<EndpointAnswer, 'way'>>((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (signal?.aborted === true) reject(reasonOf(signal));
      else if (deadline.aborted) reject(new TooSlow('no answer in time'));
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    const request = send(base, options, (response) => {
      const decoder = new StringDecoder('utf8');
      let text = '';
      let read = 0;
      const finish = (): void => {
        const { statusCode = 0, headers: answered } = response;
        const tookMs = performance.now() - begun;
        resolve({ status: statusCode, headers: answered, text: text + decoder.end(), tookMs });
      };
      response.on('error', fail);
      response.on('end', finish);
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        text += decoder.write(chunk);
        if (read < maxBytes) return;
        finish();
        request.destroy();
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
