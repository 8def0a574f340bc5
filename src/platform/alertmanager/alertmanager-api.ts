import { request } from 'undici';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** A condition on labels, as Alertmanager's API has it. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A silence. Times in ms since the epoch. */
export interface Silence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** A silence to be made; with `id` it takes the place of that one. */
export type NewSilence = Omit<Silence, 'id' | 'state'> & { readonly id?: string };

const moment = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'no moment' });
  return z.NEVER;
});
const alertList = z.array(
  z.object({
    fingerprint: z.string(),
    status: z.object({ silencedBy: z.array(z.string()).default([]) }).optional(),
  }),
);
const statusAnswer = z.object({ uptime: moment });
const matcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  // Left out by versions that know no other.
  isEqual: z.boolean().default(true),
});
const silence = z
  .object({
    id: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
    matchers: z.array(matcher),
    startsAt: moment,
    endsAt: moment,
    createdBy: z.string(),
    comment: z.string(),
  })
  .transform(({ status, ...rest }): Silence => ({ ...rest, state: status.state }));
const made = z.object({ silenceID: z.string() });
const texts = z.record(z.string(), z.string());
const activeAlert = z.object({
  fingerprint: z.string(),
  labels: texts,
  annotations: texts,
  startsAt: moment,
  generatorURL: z.string().default(''),
  // Left out by versions that know no times in which alerts are mute.
  status: z.object({ mutedBy: z.array(z.string()).default([]) }),
});
const activeGroups = z.array(
  z.object({
    labels: texts,
    receiver: z.object({ name: z.string() }),
    alerts: z.array(activeAlert),
  }),
);

/** A group in which something fires that nobody has silenced. */
export type ActiveGroup = z.output<typeof activeGroups>[number];

/** An alert to be taken as if a rule had reported it. Times in ms since the epoch. */
export interface ReportedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: number;
  /** It is over then, if nobody reports it again. */
  readonly endsAt: number;
}

const timeoutMs = 5000;
/** Some 40 000 alerts. */
const largestBytes = 64 * 1024 * 1024;

/** A condition as people write it: `name!~"value"`, quoted as Go and JSON do. */
export function writeMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const operators = isEqual ? ['=', '=~'] : ['!=', '!~'];
  return `${name}${operators[Number(isRegex)] ?? '='}${JSON.stringify(value)}`;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Throws where the answer says that there is no silence of this id: 404, but 0.25 answers a DELETE
 * with 500 and "silence not found" (measured on 0.25.0 and 0.34.0).
 */
function knowsSilence(id: string, { status, text }: Answer): void {
  const isUnknown = status === 404 || (status === 500 && text.includes('silence not found'));
  if (isUnknown) throw new AppError('E_SILENCE_UNKNOWN', { silence: id });
}

/**
 * Alertmanager's API v2 (its `api/v2/openapi.yaml`). Every method throws
 * `E_ALERTMANAGER_UNREACHABLE`, and `E_ALERTMANAGER_REFUSED` where it does not take what it was given.
 */
export class AlertmanagerApi {
  readonly #url: string;

  /** `url`: what stands before `/api/v2`. */
  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Fingerprints of all that it has and that the conditions fit, silenced and inhibited ones too; of
   * what is over, none.
   */
  async fingerprints(
    signal?: AbortSignal,
    matchers: readonly Matcher[] = [],
  ): Promise<ReadonlySet<string>> {
    const alerts = await this.#alerts(matchers, signal);
    return new Set(alerts.map((alert) => alert.fingerprint));
  }

  /** Of the same, by fingerprint: ids of the silences that cover it. */
  async silencedBy(
    matchers: readonly Matcher[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const alerts = await this.#alerts(matchers, signal);
    return new Map(alerts.map((alert) => [alert.fingerprint, alert.status?.silencedBy ?? []]));
  }

  /** The groups that it would post now, one for each receiver. */
  activeGroups(signal?: AbortSignal): Promise<readonly ActiveGroup[]> {
    const query = 'active=true&silenced=false&inhibited=false';
    return this.#get(activeGroups, `/api/v2/alerts/groups?${query}`, signal);
  }

  /** Reports an alert, as a rule of Prometheus does. */
  async report(alert: ReportedAlert, signal?: AbortSignal): Promise<void> {
    const { startsAt, endsAt, ...rest } = alert;
    const times = {
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
    };
    await this.#exchange('POST', '/api/v2/alerts', signal, JSON.stringify([{ ...rest, ...times }]));
  }

  /** When it was started, ms since the epoch. */
  async startedAt(signal?: AbortSignal): Promise<number> {
    return (await this.#get(statusAnswer, '/api/v2/status', signal)).uptime;
  }

  /** All that it still knows of, expired ones too. */
  silences(signal?: AbortSignal): Promise<readonly Silence[]> {
    return this.#get(z.array(silence), '/api/v2/silences', signal);
  }

  /** Returns its id. Throws `E_SILENCE_UNKNOWN` where it is to replace one that is not there. */
  async putSilence(wanted: NewSilence, signal?: AbortSignal): Promise<string> {
    const body = JSON.stringify({
      ...wanted,
      startsAt: new Date(wanted.startsAt).toISOString(),
      endsAt: new Date(wanted.endsAt).toISOString(),
    });
    const answer = await this.#ask('POST', '/api/v2/silences', signal, body);
    if (wanted.id !== undefined) knowsSilence(wanted.id, answer);
    return this.#read(made, this.#accepted(answer)).silenceID;
  }

  /**
   * It silences nothing any more; also where it had ended before. Throws `E_SILENCE_UNKNOWN` where
   * Alertmanager has none of this id, or has forgotten it since it ended (`--data.retention`).
   */
  async expire(id: string, signal?: AbortSignal): Promise<void> {
    const path = `/api/v2/silence/${encodeURIComponent(id)}`;
    const answer = await this.#ask('DELETE', path, signal);
    knowsSilence(id, answer);
    this.#accepted(answer);
  }

  #alerts(matchers: readonly Matcher[], signal?: AbortSignal): Promise<z.output<typeof alertList>> {
    const query = new URLSearchParams();
    for (const each of matchers) query.append('filter', writeMatcher(each));
    return this.#get(alertList, `/api/v2/alerts?${query.toString()}`, signal);
  }

  async #get<Value>(schema: z.ZodType<Value>, path: string, signal?: AbortSignal): Promise<Value> {
    return this.#read(schema, await this.#exchange('GET', path, signal));
  }

  #read<Value>(schema: z.ZodType<Value>, text: string): Value {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw this.#unreachable('it does not answer as Alertmanager does', error);
    }
  }

  async #exchange(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    signal?: AbortSignal,
    body?: string,
  ): Promise<string> {
    return this.#accepted(await this.#ask(method, path, signal, body));
  }

  async #ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    signal?: AbortSignal,
    body?: string,
  ): Promise<Answer> {
    const limit = AbortSignal.timeout(timeoutMs);
    let status: number;
    let text: string;
    try {
      const answer = await request(`${this.#url}${path}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      status = answer.statusCode;
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of answer.body) {
        const chunk = Buffer.from(z.instanceof(Uint8Array).parse(part));
        bytes += chunk.byteLength;
        if (bytes > largestBytes) throw new Error('its answer is too long');
        parts.push(chunk);
      }
      text = Buffer.concat(parts).toString();
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unreachable(error instanceof Error ? error.message : String(error), error);
    }
    return { status, text };
  }

  #accepted({ status, text }: Answer): string {
    if (status >= 400 && status < 500) {
      const reason = text.trim().slice(0, 300);
      throw new AppError('E_ALERTMANAGER_REFUSED', { status: String(status), reason });
    }
    if (status !== 200) throw this.#unreachable(`it answers ${status}`);
    return text;
  }

  #unreachable(reason: string, cause?: unknown): AppError {
    return new AppError('E_ALERTMANAGER_UNREACHABLE', { url: this.#url, reason }, cause);
  }
}
