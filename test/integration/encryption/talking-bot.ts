import { failureOf, isPassing } from '../../../src/bot/client/failure.ts';
import { connect } from '../../../src/bot/client/http-call.ts';
import { createMatrixApi } from '../../../src/bot/client/http-matrix-api.ts';
import { CryptoEngine } from '../../../src/bot/crypto/crypto-engine.ts';
import { ListedReaders } from '../../../src/bot/crypto/listed-readers.ts';
import type { RequestPump } from '../../../src/bot/crypto/request-pump.ts';
import { startIdentity } from '../../../src/bot/crypto/recovery/start-identity.ts';
import {
  isVerificationEvent,
  VerificationRequests,
} from '../../../src/bot/crypto/verification-requests.ts';
import { EmojiVerification } from '../../../src/bot/crypto/verification.ts';
import { parseRoomId, parseUserId } from '../../../src/core/ids.ts';
import type { Log } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import { IdentityPins } from '../../../src/platform/store/identity-pins.ts';
import type { Lab } from '../../lab/lab.ts';
import { openBotDevice, type BotDevice, type BotSeat } from './bot-device.ts';

const nothing = (): void => undefined;
const silent: Log = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  child: () => silent,
};

/** A bot that syncs, opens what people say, and hears verifications; it has no commands. */
export interface TalkingBot {
  readonly device: BotDevice;
  readonly verification: EmojiVerification;
  readonly pins: IdentityPins;
  readonly pump: RequestPump;
  join(room: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one that these people may verify. */
export async function startTalkingBot(
  lab: Lab,
  seat: BotSeat,
  people: readonly string[],
): Promise<TalkingBot> {
  const device = await openBotDevice(lab, seat);
  const { library, machine, api, self, state } = device;
  const listed = people.map(parseUserId);
  const accessToken = new Secret(seat.account.accessToken);
  const matrix = createMatrixApi(connect({ url: lab.proxy.baseUrl, accessToken }));
  const pins = new IdentityPins(state);
  const engine = new CryptoEngine({
    ...{ library, machine, api, pins, clock, self, log: silent },
    readers: (identities) =>
      new ListedReaders({
        ...{
          identities,
          pins,
          clock,
          onUnreadable: nothing,
          isListed: (user) => listed.includes(user),
        },
        members: () => Promise.resolve(listed),
      }),
  });
  await startIdentity(device);
  await engine.follow(listed);
  const requests = new VerificationRequests({
    ...{ library, machine, api, clock, pump: engine.pump, log: silent, people: () => listed },
    seal: (room, type, content) => engine.seal(room, type, content),
  });
  const stop = new AbortController();
  const turn = async (since: string | null): Promise<string> => {
    const query = { since, timeoutMs: 1000, timelineLimit: 50, isFresh: false };
    const answer = await matrix.sync(query, stop.signal);
    await engine.absorb(answer.crypto);
    for (const [room, { events }] of answer.joined) {
      for (const raw of events) {
        const { event } = await engine.openEvent(raw, room);
        if (isVerificationEvent(event)) await requests.hear(event, room);
      }
    }
    await engine.pump.drain();
    return answer.next;
  };
  const loop = async (): Promise<void> => {
    for (let since: string | null = null; !stop.signal.aborted;) {
      try {
        since = await turn(since);
      } catch (error) {
        if (!isPassing(failureOf(error))) throw error;
        await clock.sleep(100, stop.signal);
      }
    }
  };
  const running = loop().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    ...{ device, pins, pump: engine.pump },
    verification: new EmojiVerification({
      library,
      requests,
      clock,
      log: silent,
      patienceMs: 90_000,
    }),
    join: (room) => matrix.join(parseRoomId(room)),
    stop: async () => {
      stop.abort();
      await running;
      device.close();
    },
  };
}
