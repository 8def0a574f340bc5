/** `npm run demo`: a home server, a bot and a person, seen as that person (--help tells the rest). */
import { createScreen, type Screen } from './demo/screen.ts';
import { alertDoings } from './demo/alert-doings.ts';
import { clusterDoings } from './demo/cluster-doings.ts';
import { Doings } from './demo/doings.ts';
import { failureLine, failuresIn, sayOne, type Said } from './demo/exchange.ts';
import { openHouse, type House } from './demo/house.ts';
import { helpText, readOptions, type DemoOptions } from './demo/options.ts';
import { talkAtTerminal, talkByPipe } from './demo/prompt.ts';
import { RoomLines } from './demo/room-lines.ts';
import { Stopped, unlessStopped, watchForStop, type Stopping } from './demo/stopping.ts';
import { hint, welcome } from './demo/welcome.ts';
import { LabError, textOf } from './failure.ts';
import { within } from './wait.ts';

/** Of the demo itself; the room is on stdout. */
const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Shows all that the person sees of the room, from now on and before. */
const showRoom = ({ person, roomId }: House, screen: Screen, isTyping: boolean): void => {
  const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const lines = new RoomLines(person.userId, { colour });
  person.timeline(roomId).follow((event) => {
    // Only our own session is told the transaction: this was typed here and stands there already.
    const isTyped = isTyping && event.unsigned?.['transaction_id'] !== undefined;
    const text = lines.show(event);
    if (text !== undefined && !isTyped) screen.print(text);
  });
};

const talk = async (house: House, options: DemoOptions, stopping: Stopping): Promise<Said[]> => {
  const { signal } = stopping;
  const isTyping = options.say.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
  const screen = createScreen(process.stdout, isTyping);
  showRoom(house, screen, isTyping);
  const { monitoring, stack } = house;
  const known = {
    ...(monitoring === null ? {} : alertDoings(monitoring.alertmanager)),
    ...(stack === null
      ? {}
      : clusterDoings(stack, () => house.person.timeline(house.roomId).events)),
  };
  const doings = new Doings(known, house, (line) => {
    screen.print(line);
  });
  const desk = { ...house, doings };
  void house.bot.exited.then(({ code, signal: by }) => {
    stopping.stop(`the bot has ended (${code ?? by ?? ''})`, 1);
  });
  if (isTyping) {
    await talkAtTerminal(desk, screen, signal);
    return [];
  }
  if (options.say.length === 0) return unlessStopped(signal, talkByPipe(desk, signal));
  const said: Said[] = [];
  for (const text of options.say) said.push(await unlessStopped(signal, sayOne(desk, text)));
  return said;
};

const run = async (
  options: DemoOptions,
  stopping: Stopping,
  cleanUp: AsyncDisposableStack,
): Promise<number> => {
  const { language, full, alerts } = options;
  const opening = openHouse(
    { language, full, alerts, progress: (text) => tell(`· ${text}`) },
    cleanUp,
  );
  const house = await unlessStopped(stopping.signal, opening);
  tell(`ready in ${(performance.now() / 1000).toFixed(1)} s`);
  tell(welcome(house, process.env['INIT_CWD'] ?? process.cwd()));
  if (options.say.length === 0) tell(hint(house));
  const said = await talk(house, options, stopping);
  const failures = failuresIn(said);
  for (const failure of failures) tell(failureLine(failure));
  return failures.length === 0 ? stopping.exitCode() : 1;
};

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText);
    return 0;
  }
  const stopping = watchForStop();
  const cleanUp = new AsyncDisposableStack();
  try {
    return await run(options, stopping, cleanUp);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    tell(`stopped: ${error.message}`);
    return stopping.exitCode();
  } finally {
    await within('stopping everything', cleanUp.disposeAsync(), 40_000);
  }
};

try {
  // Not exitCode: what is still waited for (a request, a timer) has lost its meaning.
  process.exit(await main());
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  tell(textOf(error));
  process.exit(1);
}
