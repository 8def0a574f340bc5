/** Which requests a rule or a question is about. Without a field, any. */
export interface RequestMatch {
  readonly method?: string;
  /** Tried on the path without its query. */
  readonly path?: RegExp;
}

/** What is done to a request. Names of the doing, not of the effect on the product. */
export type Fault =
  /** Goes through, but only after this long. */
  | { readonly action: 'delay'; readonly ms: number }
  /** Goes through, but only when this has settled: when a test has seen what it is about. */
  | { readonly action: 'hold'; readonly until: Promise<unknown> }
  /** The connection is cut before the home server hears of it. */
  | { readonly action: 'dropRequest' }
  /** The home server handles and answers it; then the connection is cut instead. */
  | { readonly action: 'dropResponse' }
  /** Answered by the proxy, the home server does not hear of it. */
  | {
      readonly action: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answered; the connection stays open. */
  | { readonly action: 'hang' }
  /** Handled by the home server, but the answer ends after half of its body. */
  | { readonly action: 'cutMidBody' }
  /** The answer comes in small pieces. */
  | { readonly action: 'trickle'; readonly bytes: number; readonly everyMs: number }
  /** The answer is changed on its way. */
  | { readonly action: 'rewriteJson'; readonly change: (answer: unknown) => unknown }
  /** The same for the answers of /sync only. */
  | { readonly action: 'rewriteSync'; readonly change: (answer: SyncJson) => SyncJson }
  /**
   * Timeline events of /sync come twice: in the same answer, or once more in the next one. What
   * the next one is goes by access token: one token, one syncing client.
   */
  | { readonly action: 'duplicateEvents'; readonly where: 'same' | 'next' }
  /**
   * /sync is answered as by a restored home server: 200, no events, and as `next_batch` the
   * token that this client asked from so many different tokens ago.
   */
  | { readonly action: 'rewindSync'; readonly by: number };

/** A /sync answer, as loose as a fault needs it. */
export type SyncJson = Record<string, unknown>;

/** A fault for some requests. */
export interface Rule {
  readonly match?: RequestMatch;
  readonly fault: Fault;
  /** After so many hits the rule is spent. Default: never. */
  readonly times?: number;
  /** 0 to 1: how likely it hits a request that matches. Default 1. */
  readonly probability?: number;
  /** Of the dice for `probability`: the same seed gives the same hits. Default 1. */
  readonly seed?: number;
}

const syncOnly: ReadonlySet<Fault['action']> = new Set([
  'rewriteSync',
  'duplicateEvents',
  'rewindSync',
]);

/** The path of the one request that is a long poll. */
export const isSync = (path: string): boolean => /^\/_matrix\/client\/[^/]+\/sync$/.test(path);

/** Whether a request is meant. */
export const matches = (
  { method, path }: RequestMatch,
  request: { readonly method: string; readonly path: string },
): boolean =>
  (method === undefined || method === request.method) &&
  (path === undefined || path.test(request.path));

/** Small seeded dice (mulberry32), so that a run with random faults can be repeated. */
export const dice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A rule in force. */
export interface ActiveRule {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Takes it out of force. */
  remove(): void;
}

interface Entry {
  readonly rule: Rule;
  readonly roll: () => number;
  hits: number;
}

/** The rules in force. The first that hits a request is the only one to act on it. */
export class RuleBook {
  readonly #entries = new Set<Entry>();

  add(rule: Rule): ActiveRule {
    const entry: Entry = { rule, roll: dice(rule.seed ?? 1), hits: 0 };
    this.#entries.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => void this.#entries.delete(entry),
    };
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The fault for a request, `undefined` for the most part. */
  faultFor(request: { readonly method: string; readonly path: string }): Fault | undefined {
    for (const entry of this.#entries) {
      const { match = {}, fault, times = Infinity, probability = 1 } = entry.rule;
      if (!matches(match, request)) continue;
      if (syncOnly.has(fault.action) && !isSync(request.path)) continue;
      if (probability < 1 && entry.roll() >= probability) continue;
      entry.hits += 1;
      if (entry.hits >= times) this.#entries.delete(entry);
      return fault;
    }
    return undefined;
  }
}
