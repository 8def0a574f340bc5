import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VerificationRequests } from '../../../../src/bot/crypto/verification-requests.ts';
import { loadCrypto } from '../../../../src/bot/crypto/wasm.ts';
import { parseRoomId } from '../../../../src/core/ids.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { rememberingLog } from '../quiet-log.ts';
import { propertyRuns } from '../../property-runs.ts';

const room = parseRoomId('!room:lab.test');

test('whatever is sent as a verification does nothing, unless it is one', async () => {
  const library = await loadCrypto();
  const machine = await library.OlmMachine.initialize(
    new library.UserId('@bot:lab.test'),
    new library.DeviceId('DEVICE'),
  );
  const requests = new VerificationRequests({
    ...{ library, machine, clock: systemClock, log: rememberingLog().log },
    pump: {
      send: () => Promise.resolve(),
      drain: () => Promise.resolve(),
      exclusively: (work) => work(),
      handRoomMessagesTo: () => undefined,
    },
    api: { perform: () => Promise.resolve('{}') },
    seal: () => Promise.resolve({}),
    people: () => [],
  });
  const steps = ['request', 'ready', 'start', 'accept', 'key', 'mac', 'done', 'cancel', 'x'];
  const event = fc.record({
    type: fc.constantFrom(...steps.map((step) => `m.key.verification.${step}`)),
    sender: fc.oneof(fc.constant('@eve:lab.test'), fc.anything()),
    event_id: fc.oneof(fc.constant('$e'), fc.anything()),
    origin_server_ts: fc.oneof(fc.nat(), fc.anything()),
    content: fc.oneof(
      fc.object(),
      fc.record({
        'm.relates_to': fc.constant({ rel_type: 'm.reference', event_id: '$r' }),
        from_device: fc.anything(),
        methods: fc.anything(),
      }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(event, async (sent) => {
      await requests.hear(JSON.parse(JSON.stringify(sent)), room);
    }),
    { numRuns: propertyRuns(300) },
  );
  expect(requests.open()).toEqual([]);
  machine.close();
});
