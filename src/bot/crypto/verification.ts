import type { Sas, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import type {
  BotVerification,
  ShownVerification,
  VerificationStage,
} from '../../commands/capabilities.ts';
import { AppError } from '../../core/errors.ts';
import { parseUserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutgoingRequest } from './request-pump.ts';
import { sasNames } from './sas-names.ts';
import type { VerificationRequests } from './verification-requests.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link EmojiVerification} needs. */
export interface EmojiVerificationParts {
  readonly library: CryptoLibrary;
  readonly requests: VerificationRequests;
  readonly clock: Clock;
  readonly log: Log;
  /** How long somebody may take to begin, and then to get as far as the emoji; ms. Default 50 s. */
  readonly patienceMs?: number;
}

/** Less than a plan of a command may take. */
const usualPatienceMs = 50_000;
/** How long the other side may take to say yes after us, ms: a person compares there, too. */
const otherSideMs = 50_000;
/** How long it is tried to tell the other side that nothing comes of it, ms. */
const tellMs = 10_000;
/** The machine tells of changes by callbacks that can't be taken back; looking is cheap. */
const pollMs = 200;

/** Emoji verification (spec, "SAS"), begun by a person's client, compared by a person on the server. */
export class EmojiVerification implements BotVerification {
  readonly #parts: EmojiVerificationParts;
  #shown: { readonly about: ShownVerification; readonly sas: Sas } | null = null;
  #done: string | null = null;

  constructor(parts: EmojiVerificationParts) {
    this.#parts = parts;
  }

  /** See {@link BotVerification.next}. */
  async next(
    signal: AbortSignal,
    onStage: (stage: VerificationStage) => void,
  ): Promise<ShownVerification> {
    if (this.#shown !== null && isAlive(this.#shown.sas)) return this.#shown.about;
    const patience = this.#parts.patienceMs ?? usualPatienceMs;
    const deadline = this.#parts.clock.monotonic() + patience;
    const nobody = new AppError('E_VERIFY_NOBODY', { limit: { span: patience } });
    if (this.#newest() === null) onStage({ stage: 'nobody' });
    const request = await this.#until(deadline, nobody, signal, () => this.#newest());
    onStage({ stage: 'begun', user: parseUserId(request.otherUserId.toString()) });
    await this.#answer(request, signal, () => request.acceptWithMethods([this.#sasMethod()]));
    const sas = await this.#until(deadline, nobody, signal, () => this.#begun(request));
    await this.#answer(sas, signal, () => sas.accept());
    const about = await this.#until(deadline, nobody, signal, () => this.#emojiOf(sas));
    this.#shown = { about, sas };
    return about;
  }

  /** See {@link BotVerification.confirm}. */
  async confirm(flow: string, signal: AbortSignal): Promise<void> {
    const { requests } = this.#parts;
    const sas = this.#sas(flow);
    if (sas === null) throw cancelled('m.unknown_transaction');
    await requests.answer(sas.roomId !== undefined, () => sas.confirm(), signal);
    await this.#bothSaidYes(sas, signal);
    const user = parseUserId(sas.otherUserId.toString());
    if (!(await requests.publish(user, signal))) throw cancelled('m.key_mismatch');
    this.#done = flow;
  }

  async #bothSaidYes(sas: Sas, signal: AbortSignal): Promise<void> {
    const deadline = this.#parts.clock.monotonic() + otherSideMs;
    try {
      await this.#until(deadline, cancelled('m.timeout'), signal, () => {
        assertAlive(sas);
        return sas.isDone() ? true : null;
      });
    } catch (error) {
      if (sas.isDone()) return;
      // A yes that comes after this must not count on one side alone.
      await this.#callOff(sas, 'm.timeout');
      throw error;
    }
  }

  /** See {@link BotVerification.refuse}. */
  async refuse(flow: string): Promise<void> {
    const sas = this.#sas(flow);
    this.#shown = null;
    if (sas !== null) await this.#callOff(sas, 'm.mismatched_sas');
  }

  async #callOff(sas: Sas, code: string): Promise<void> {
    try {
      await this.#answer(sas, AbortSignal.timeout(tellMs), () => sas.cancelWithCode(code));
    } catch (error) {
      // The other side gives up by itself in a while.
      this.#parts.log.warn({ err: error }, 'the other side was not told that nothing comes of it');
    }
  }

  /** Also: the home server shows it. */
  isDone(flow: string): boolean {
    return this.#done === flow;
  }

  #answer(
    { roomId }: Pick<Sas, 'roomId'>,
    signal: AbortSignal,
    make: () => OutgoingRequest | undefined,
  ): Promise<void> {
    const inRoom = roomId !== undefined;
    return this.#parts.requests.answer(inRoom, () => Promise.resolve([make()]), signal);
  }

  #sas(flow: string): Sas | null {
    return this.#shown?.about.flow === flow ? this.#shown.sas : null;
  }

  #sasMethod() {
    return this.#parts.library.VerificationMethod.SasV1;
  }

  #newest(): VerificationRequest | null {
    return this.#parts.requests.open().at(-1) ?? null;
  }

  /** The emoji part of a request, once the other side has begun it; clients let the one who asked begin. */
  #begun(request: VerificationRequest): Sas | null {
    if (request.isCancelled()) throw cancelled(request.cancelInfo?.cancelCode());
    const found = request.getVerification();
    return found instanceof this.#parts.library.Sas ? found : null;
  }

  #emojiOf(sas: Sas): ShownVerification | null {
    assertAlive(sas);
    const [symbols, numbers] = [sas.emoji(), sas.emojiIndex()];
    if (symbols === undefined || numbers === undefined) return null;
    const emoji = symbols.map((each, position) => {
      const name = sasNames[numbers[position] ?? -1];
      if (name === undefined) throw new Error('an emoji that the spec does not have');
      return { symbol: each.symbol, name };
    });
    const user = parseUserId(sas.otherUserId.toString());
    return { flow: sas.flowId, user, device: sas.otherDeviceId.toString(), emoji };
  }

  /** What `look` finds before the deadline (steady clock, ms). Throws `late`, and what stops it. */
  async #until<Found>(
    deadline: number,
    late: AppError,
    signal: AbortSignal,
    look: () => Found | null,
  ): Promise<Found> {
    const { clock } = this.#parts;
    for (;;) {
      signal.throwIfAborted();
      const found = look();
      if (found !== null) return found;
      if (clock.monotonic() > deadline) throw late;
      await clock.sleep(pollMs, signal);
    }
  }
}

function isAlive(sas: Sas): boolean {
  return !sas.isCancelled() && !sas.isDone() && !sas.timedOut();
}

function assertAlive(sas: Sas): void {
  if (sas.isCancelled()) throw cancelled(sas.cancelInfo()?.cancelCode());
}

function cancelled(reason = 'm.user'): AppError {
  return new AppError('E_VERIFY_CANCELLED', { reason });
}
