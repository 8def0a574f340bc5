import { Agent, buildConnector, request } from 'undici';
import { z } from 'zod';
import type { Secret } from '../../../core/secret.ts';
import { systemCode } from '../../../platform/system-failure.ts';
import { ChannelFailure } from '../channel.ts';
import { replyWords } from './reply-words.ts';

/** One request to a service that takes messages. */
export interface HttpErrand {
  readonly method: 'GET' | 'POST';
  readonly url: Secret<string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** PEM of who signs its certificate; null: those that Node trusts. */
  readonly ca: string | null;
  /** Never to be seen in what is thrown or returned; the address, too, where it is one. */
  readonly secrets: readonly Secret<string>[];
  /** For all of it, ms. */
  readonly timeoutMs: number;
}

const connectMs = 10_000;
const longestAnswer = 4096;
const bytes = z.instanceof(Uint8Array);

/**
 * Sends it over a connection of its own; follows no redirection, which could carry a token elsewhere.
 * Returns what the service said to a 2xx. Throws {@link ChannelFailure}.
 */
export async function exchangeHttp(errand: HttpErrand, signal: AbortSignal): Promise<string> {
  const { method, url, headers, body, ca, secrets, timeoutMs } = errand;
  const words = replyWords(secrets);
  const connection = { isMade: false };
  const connect = buildConnector({
    // Also where the environment says otherwise (NODE_TLS_REJECT_UNAUTHORIZED).
    ...{ rejectUnauthorized: true, minVersion: 'TLSv1.2', timeout: connectMs },
    ...(ca === null ? {} : { ca }),
  });
  const agent = new Agent({
    connect: (options, done) => {
      connect(options, (...result) => {
        connection.isMade = result[0] === null;
        done(...result);
      });
    },
  });
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url.reveal(), {
      ...{ method, headers, body, dispatcher: agent },
      signal: AbortSignal.any([signal, limit]),
    });
    const { statusCode } = answer;
    let text = '';
    for await (const part of answer.body) {
      text += Buffer.from(bytes.parse(part)).toString();
      if (text.length > longestAnswer) break;
    }
    const said = words(`HTTP ${statusCode} ${text}`);
    if (statusCode >= 200 && statusCode < 300) return said;
    throw new ChannelFailure('refused', said);
  } catch (error) {
    if (error instanceof ChannelFailure) throw error;
    signal.throwIfAborted();
    const fate = connection.isMade ? 'unsure' : 'refused';
    if (limit.aborted) throw new ChannelFailure(fate, `no answer within ${timeoutMs / 1000} s`);
    throw new ChannelFailure(fate, words(reasonOf(error)));
  } finally {
    await agent.destroy();
  }
}

/** An error's text can hold the address; it goes through the mask, and its code says most. */
function reasonOf(error: unknown): string {
  const code = systemCode(error);
  const text = error instanceof Error ? error.message : String(error);
  return code === null || text.includes(code) ? text : `${code} ${text}`;
}
