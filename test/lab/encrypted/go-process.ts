import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { labEvent, type LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';

const encryption = z.object({
  wasEncrypted: z.boolean(),
  verdict: z.enum(['trusted', 'undecryptable', 'distrusted', 'plain']),
  reason: z.string(),
  sessionId: z.string().exactOptional(),
  deviceId: z.string().exactOptional(),
  trust: z.string().exactOptional(),
});

/** An event as the Go program shows it. */
export const goEvent = labEvent.extend({ encryption });

const answer = z.object({ id: z.number(), ok: z.unknown(), error: z.string().optional() });

const heard = z.object({
  room: z.string(),
  event: goEvent,
  again: z.boolean().default(false),
});

const synced = z.object({
  synced: z.string(),
  invites: z.array(z.string()),
  joined: z.array(z.string()),
});

const ended = z.object({ ended: z.string() });

const line = z.union([heard, synced, ended, answer]);

/** Who wants to hear what the program sees. */
export interface GoEars {
  /** `again`: the event was there already, and can be read now. */
  event(roomId: string, event: LabEvent, again: boolean): void;
  synced(position: string, invites: readonly string[], joined: readonly string[]): void;
}

interface Waiting {
  readonly resolve: (ok: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The running Go program: asked by JSON lines. It ends by itself when this process does. */
export class GoProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<unknown>;
  #count = 0;
  #complaints = '';

  constructor(program: string, ears: GoEars) {
    this.#child = spawn(program, { stdio: 'pipe' });
    this.#exited = once(this.#child, 'close');
    this.#child.stderr.on('data', (text) => (this.#complaints += String(text)));
    // A line written to one that has just ended is lost; who waits for its answer is told below.
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      this.#hear(text, ears);
    });
    this.#child.on('close', () => {
      this.#end(`the person on mautrix-go has ended:\n${this.#complaints.slice(-2000)}`);
    });
  }

  /** @throws LabError with what the program says went wrong. */
  async ask(what: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#child.stdin.write(`${JSON.stringify({ id, do: what, ...fields })}\n`);
    return answered;
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#exited;
  }

  #hear(text: string, ears: GoEars): void {
    const said = line.parse(JSON.parse(text));
    if ('event' in said) ears.event(said.room, said.event, said.again);
    else if ('synced' in said) ears.synced(said.synced, said.invites, said.joined);
    else if ('ended' in said) this.#end(`the person on mautrix-go syncs no more: ${said.ended}`);
    else this.#answer(said);
  }

  #answer(said: z.infer<typeof answer>): void {
    const waiting = this.#waiting.get(said.id);
    this.#waiting.delete(said.id);
    if (said.error === undefined) waiting?.resolve(said.ok);
    else waiting?.reject(new LabError(`the person on mautrix-go: ${said.error}`));
  }

  #end(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new LabError(why));
    this.#waiting.clear();
  }
}
