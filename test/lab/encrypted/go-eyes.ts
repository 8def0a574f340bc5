import { LabError } from '../failure.ts';
import type { LabEvent } from '../event.ts';
import type { Account } from '../synapse/accounts.ts';
import type { Eyes } from '../sync.ts';
import { Timeline } from '../timeline.ts';
import { within } from '../wait.ts';
import { GoProcess, type GoEars } from './go-process.ts';

/** What a device on mautrix-go is like. */
export interface GoDeviceOptions {
  /** False: no identity is made and the device is not signed. Default true. */
  readonly signed?: boolean;
  /** Whether it also writes to and reads from devices that nobody signed. Default: not signed. */
  readonly allDevices?: boolean;
}

/** Sees the rooms through the Go program. */
export class GoEyes implements Eyes, GoEars {
  readonly invites = new Set<string>();
  /** Not told by the program behind it. */
  readonly directInvites: ReadonlySet<string> = new Set();
  position: string | undefined;
  readonly program: GoProcess;
  readonly #login: Readonly<Record<string, unknown>>;
  readonly #timelines = new Map<string, Timeline>();
  readonly #waiting = new Set<() => void>();

  constructor(path: string, baseUrl: string, account: Account, options: GoDeviceOptions) {
    const { userId, deviceId, accessToken, password } = account;
    const { signed = true, allDevices = !signed } = options;
    this.#login = { baseUrl, userId, deviceId, accessToken, password, signed, allDevices };
    this.program = new GoProcess(path, this);
  }

  timeline(roomId: string): Timeline {
    let timeline = this.#timelines.get(roomId);
    if (timeline === undefined) this.#timelines.set(roomId, (timeline = new Timeline()));
    return timeline;
  }

  onBatch(look: () => void): () => void {
    this.#waiting.add(look);
    return () => void this.#waiting.delete(look);
  }

  async start(): Promise<void> {
    let unhook: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      unhook = this.onBatch(resolve);
    });
    try {
      await this.program.ask('login', { login: this.#login });
      await within('the first sync of mautrix-go', first, 30_000);
    } finally {
      unhook();
    }
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }

  async lookAgain(): Promise<void> {
    await this.stop();
    throw new LabError('a person on mautrix-go has no second look: start a new device');
  }

  event(roomId: string, event: LabEvent, again: boolean): void {
    if (again) this.timeline(roomId).replace(event);
    else this.timeline(roomId).add(event);
  }

  synced(position: string, invites: readonly string[], joined: readonly string[]): void {
    for (const room of invites) this.invites.add(room);
    for (const room of joined) this.invites.delete(room);
    this.position = position;
    for (const look of [...this.#waiting]) look();
  }
}
