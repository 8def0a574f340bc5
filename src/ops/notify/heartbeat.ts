import type { Log } from '../../core/log.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { HeartbeatConfig } from '../../platform/config/notify-config.ts';
import { Secret } from '../../core/secret.ts';
import { ChannelFailure } from './channel.ts';
import { exchangeHttp } from './channels/http-exchange.ts';

/** What the heartbeat is made of. */
export interface HeartbeatParts {
  readonly config: HeartbeatConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** Names of the parts of the bot that do not do their work; empty: it is well. */
  readonly problems: () => readonly string[];
  /** So long (ms) it may be unwell before that is reported. */
  readonly patienceMs: number;
}

/** Since the start of the process. */
export interface HeartbeatCounts {
  sent: number;
  failed: number;
}

const lookEveryMs = 5000;
const timeoutMs = 15_000;
/** A ping that was lost is sent again after this, ms; the outside waits a little longer than that. */
const againMs = 20_000;

/**
 * Tells somebody outside that the bot lives and is well: whoever hears nothing any more knows that
 * the node is dead, which nothing on the node can say (alerts-monitoring §3). The address is a secret.
 */
export class Heartbeat {
  readonly counts: HeartbeatCounts = { sent: 0, failed: 0 };
  readonly #parts: HeartbeatParts;
  #dueAt = 0;
  #unwellSince: number | null = null;
  #failDueAt = 0;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Until aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, config } = this.#parts;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        await this.look(signal);
      } catch (error) {
        if (!isOver()) log.error({ err: error }, 'the heartbeat failed');
      }
      await rest(clock, Math.min(lookEveryMs, config.everyMs), signal);
    }
  }

  /** Sends what is due. Rejects with what aborts it, and with defects. */
  async look(signal: AbortSignal): Promise<void> {
    const { config, clock, problems, patienceMs } = this.#parts;
    const now = clock.monotonic();
    const found = problems();
    if (found.length === 0) {
      this.#unwellSince = null;
      if (now >= this.#dueAt) this.#dueAt = await this.#send(config.url, '', signal);
      return;
    }
    this.#unwellSince ??= now;
    const address = config.fail ? failAddress(config.url) : null;
    if (address === null || now - this.#unwellSince < patienceMs || now < this.#failDueAt) return;
    this.#failDueAt = await this.#send(address, `not well: ${found.join(', ')}`, signal);
    // As soon as it is well again, that is said.
    this.#dueAt = 0;
  }

  /** Returns when the next one is due. */
  async #send(url: Secret<string>, text: string, signal: AbortSignal): Promise<number> {
    const { config, clock, log } = this.#parts;
    const { method, ca, everyMs } = config;
    const begun = clock.monotonic();
    const body = method === 'GET' || text === '' ? null : text;
    const errand = { ...{ method, url, body, ca, timeoutMs }, headers: {}, secrets: [config.url] };
    try {
      await exchangeHttp(errand, signal);
      this.counts.sent += 1;
      return begun + everyMs;
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      this.counts.failed += 1;
      log.warn({ reason: error.message }, 'the heartbeat did not arrive');
      return begun + Math.min(againMs, everyMs);
    }
  }
}

/** `/fail` behind the path (healthchecks.io, "Signaling failures"); null: an address with a query has no such place. */
function failAddress(url: Secret<string>): Secret<string> | null {
  const address = new URL(url.reveal());
  if (address.search !== '') return null;
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/fail`;
  return new Secret(address.href);
}
