import { parseEventId } from '../../../../../src/core/ids.ts';
import { otto, World } from '../world.ts';

// A process that works through a list of commands, each with an event id of its own, and is killed
// by its test at any moment. Started again it goes on where it was.
const [folder = '', count = '0'] = process.argv.slice(2);
const world = new World(folder, { limits: { inlineMs: 5 } });
world.dispatcher.recover();
await world.redeliver();
console.log('ready');
for (let index = 0; index < Number(count); index += 1) {
  const id = `$command${index}`;
  if (world.ledger.has(parseEventId(id))) continue;
  const body = index % 3 === 0 ? `!thing build n${index}` : `!thing set n${index}`;
  await world.does(otto, { kind: 'message', body }, { id });
}
await world.idle();
console.log('done');
world.close();
