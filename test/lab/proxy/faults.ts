import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Passage } from './passage.ts';
import { isSync, type Fault, type SyncJson } from './rules.ts';
import { batchOf, withEvents, type Batch } from './sync-batch.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** What the proxy remembers of the syncs of each token, for the faults that need it. */
export class SyncMemory {
  /** Token → the different positions that it has synced from, oldest first. */
  readonly #positions = new Map<string, string[]>();
  /** Token → events that its next sync gets once more. */
  readonly #again = new Map<string, Batch>();

  note({ record }: Passage): void {
    const since = record.query.get('since');
    if (since === null || !isSync(record.path)) return;
    const positions = this.#positions.get(record.token) ?? [];
    if (positions.at(-1) !== since) positions.push(since);
    this.#positions.set(record.token, positions.slice(-1000));
  }

  /** The position from so many positions ago, or the oldest that is known. */
  position(token: string, by: number): string | undefined {
    const positions = this.#positions.get(token) ?? [];
    return positions[Math.max(0, positions.length - 1 - by)];
  }

  takeAgain(token: string): Batch | undefined {
    const batch = this.#again.get(token);
    this.#again.delete(token);
    return batch;
  }

  keepAgain(token: string, batch: Batch): void {
    if (batch.size > 0) this.#again.set(token, batch);
  }
}

const rewrite = async (passage: Passage, change: (json: unknown) => unknown): Promise<void> => {
  const answer = await passage.ask();
  const json: unknown = JSON.parse(answer.body.toString());
  passage.answer({ ...answer, body: Buffer.from(JSON.stringify(change(json))) });
};

const rewriteSync = (passage: Passage, change: (answer: SyncJson) => SyncJson): Promise<void> =>
  rewrite(passage, (json) => change(jsonObject.parse(json)));

/** Delivers what the last sync had once more, and remembers what this one has. */
const duplicateLater = async (passage: Passage, memory: SyncMemory): Promise<void> => {
  const { query, token } = passage.record;
  const before = memory.takeAgain(token);
  const changed = new URLSearchParams(query);
  // With something to say, there is no need to wait for the home server to have news as well.
  if (before !== undefined) changed.set('timeout', '0');
  const answer = await passage.ask(changed);
  const json = jsonObject.parse(JSON.parse(answer.body.toString()));
  memory.keepAgain(token, batchOf(json));
  const body = Buffer.from(JSON.stringify(before ? withEvents(json, before) : json));
  passage.answer({ ...answer, body });
};

const cutMidBody = async (passage: Passage): Promise<void> => {
  const { status, headers, body } = await passage.ask();
  const { response } = passage;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    passage.cut();
  });
};

const trickle = async (passage: Passage, bytes: number, everyMs: number): Promise<void> => {
  const { status, headers, body } = await passage.ask();
  const { response } = passage;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await pause(everyMs);
  }
  response.end(() => {
    passage.end(status);
  });
};

/**
 * Does to a request what a fault says. Answers that are no JSON where a fault needs it, and a
 * home server that cannot be reached, are thrown.
 */
export const applyFault = async (
  fault: Fault,
  passage: Passage,
  memory: SyncMemory,
): Promise<void> => {
  switch (fault.action) {
    case 'delay':
      await pause(fault.ms);
      await passage.stream();
      return;
    case 'hold':
      await fault.until;
      await passage.stream();
      return;
    case 'dropRequest':
      passage.cut();
      return;
    case 'dropResponse':
      await passage.ask();
      passage.cut();
      return;
    case 'status':
      passage.answerJson(fault.status, fault.body ?? {}, fault.headers);
      return;
    case 'hang':
      return;
    case 'cutMidBody':
      await cutMidBody(passage);
      return;
    case 'trickle':
      await trickle(passage, fault.bytes, fault.everyMs);
      return;
    case 'rewriteJson':
      await rewrite(passage, fault.change);
      return;
    case 'rewriteSync':
      await rewriteSync(passage, fault.change);
      return;
    case 'duplicateEvents':
      if (fault.where === 'next') await duplicateLater(passage, memory);
      else await rewriteSync(passage, (answer) => withEvents(answer, batchOf(answer)));
      return;
    case 'rewindSync': {
      const position = memory.position(passage.record.token, fault.by);
      if (position === undefined) await passage.stream();
      else passage.answerJson(200, { next_batch: position });
      return;
    }
    default:
      fault satisfies never;
  }
};
