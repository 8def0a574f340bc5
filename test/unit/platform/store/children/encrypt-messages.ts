/** `encrypt-messages.ts FILE`: encrypts until it is killed; says what it used up once it may be sent. */
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openDevice } from '../../../../../src/platform/store/device.ts';
import { encrypt, identityOf, openMachine } from '../indexed-db/crypto-machine.ts';

const { machine } = await openMachine(openDevice(process.argv[2] ?? ''), (error) => {
  throw error;
});
// It never ends in a way in which Node would keep what it compiled, for the next one.
flushCompileCache();
writeSync(1, `identity ${(await identityOf(machine)).join(' ')}\n`);
for (let bounded = 0; bounded < 1_000_000; bounded += 1) {
  const { session, index } = await encrypt(machine);
  writeSync(1, `sent ${session} ${index}\n`);
}
