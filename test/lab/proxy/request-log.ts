import { matches, type Fault, type RequestMatch } from './rules.ts';
import { LabError } from '../failure.ts';
import { within } from '../wait.ts';

/** What the client of the proxy got to see. */
export type Ending = number | 'pending' | 'cut' | 'unreachable' | 'gone';

/** One request that came to the proxy. */
export interface RequestRecord {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Access token, empty where there was none. */
  readonly token: string;
  /** `performance.now()` when it came. */
  readonly startedAt: number;
  /** Its body as text, cut after 64 KiB. */
  body: string;
  /** The fault that hit it. */
  fault: Fault['action'] | undefined;
  /**
   * The status that was answered; `cut`: by a fault; `unreachable`: the home server gave no
   * answer; `gone`: the client went away first; `pending`: not yet over.
   */
  status: Ending;
  /** How long it took, in milliseconds. */
  ms: number;
}

/** Older ones are forgotten. */
const kept = 50_000;

/** What came through the proxy, to be asked by tests. */
export class RequestLog {
  #records: RequestRecord[] = [];
  readonly #waiting = new Set<() => void>();

  start(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > kept) this.#records = this.#records.slice(kept / 2);
    this.#tell();
  }

  end(record: RequestRecord, status: Ending): void {
    if (record.status !== 'pending') return;
    record.status = status;
    record.ms = performance.now() - record.startedAt;
    this.#tell();
  }

  #tell(): void {
    for (const look of [...this.#waiting]) look();
  }

  all(match: RequestMatch = {}): RequestRecord[] {
    return this.#records.filter((record) => matches(match, record));
  }

  count(match: RequestMatch = {}): number {
    return this.all(match).length;
  }

  clear(): void {
    this.#records = [];
  }

  /**
   * Waits for a request that passes the test, there already or yet to come. A test on `status`
   * sees the request again when it is over.
   *
   * @throws LabError when none comes in time (default 60 s).
   */
  async waitFor(
    test: (record: RequestRecord) => boolean,
    { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
  ): Promise<RequestRecord> {
    let look: () => void = () => undefined;
    const found = new Promise<RequestRecord>((resolve) => {
      look = () => {
        const record = this.#records.find(test);
        if (record !== undefined) resolve(record);
      };
    });
    this.#waiting.add(look);
    look();
    try {
      return await within('the awaited request', found, timeoutMs);
    } catch (error) {
      const last = this.#records
        .slice(-8)
        .map(({ method, path, status }) => `  ${method} ${path} → ${status}`);
      const text = `no such request within ${timeoutMs} ms; the last were\n${last.join('\n')}`;
      throw new LabError(text, { cause: error });
    } finally {
      this.#waiting.delete(look);
    }
  }
}
