import { editedContent } from '../lab/event.ts';
import type { BotProcess } from '../lab/bot-process.ts';
import type { Progress } from '../lab/cache.ts';
import { startLab, type Lab, type LabBotOptions } from '../lab/lab.ts';
import { Person } from '../lab/person.ts';
import { register } from '../lab/synapse/accounts.ts';
import { installSynapse } from '../lab/synapse/install.ts';
import { startChild, type Child } from './child.ts';

/** What is asked again and again: an answer that needs nobody but the bot. */
export const command = '!version';

/** A home server with our bot, the bare bot, and one person in a room with each. */
export interface BenchHouse {
  readonly lab: Lab;
  readonly python: string;
  readonly person: Person;
  readonly ourRoom: string;
  readonly bareRoom: string;
  /** The bot that runs at present. */
  ours(): BotProcess;
  bare(): Child;
  /** Ends our bot in an orderly way, starts it again and returns how many ms it took to be ready. */
  restartOurs(env?: NodeJS.ProcessEnv): Promise<number>;
  /** The plain one only: the encrypted one keeps its keys in memory, and a device has no others. */
  restartBare(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Settings that take the lab's proxy out of the way: its time is not the bot's. */
export const withoutProxy = (lab: Lab): NonNullable<LabBotOptions['settings']> => {
  const url = lab.synapse.baseUrl;
  return { homeserver: { url }, admin: { accessToken: { file: 'secrets/admin-token' }, url } };
};

/** What kind of rooms is measured, and how many people wait to enter them. */
export interface BenchKind {
  readonly encrypted: boolean;
  /** Listed people beside the one who asks. */
  readonly others?: readonly string[];
}

/** Starts everything that measurements in one kind of room share. */
export const openBenchHouse = async (
  progress: Progress,
  { encrypted, others = [] }: BenchKind = { encrypted: false },
): Promise<BenchHouse> => {
  const lab = await startLab({ name: 'bench', people: ['anna', ...others], encrypted, progress });
  const { python } = await installSynapse(progress);
  const person = lab.person('anna');
  const settings = withoutProxy(lab);
  let ours = await lab.startBot({ settings });
  const ourRoom = await lab.enterAdminRoom(person);
  const bareProgram = encrypted ? 'encrypted-echo.ts' : 'bare-bot.ts';

  progress('the bare bot');
  // It watches by its own program, and makes its own identity: here it only joins.
  const { baseUrl } = lab.synapse;
  const account = new Person(baseUrl, await register(baseUrl, { localpart: 'bare' }));
  const bareRoom = await lab.room('bare', [person, account]);
  const { event } = await person.ask(ourRoom, command, { timeoutMs: 60_000 });
  const content = { ...(editedContent(event) ?? event.content), 'm.relates_to': undefined };
  const startBare = (): Promise<Child> =>
    startChild(python, bareProgram, {
      URL: baseUrl,
      TOKEN: account.account.accessToken,
      ROOM: bareRoom,
      SENDER: person.userId,
      // The same answer, byte for byte: only the way to it differs.
      CONTENT: JSON.stringify(content),
    });
  let bare = await startBare();

  return {
    ...{ lab, python, person, ourRoom, bareRoom },
    ours: () => ours,
    bare: () => bare,
    restartOurs: async (env = {}) => {
      await ours.term();
      ours = await lab.startBot({ settings, env, waitReady: false });
      return ours.ready();
    },
    restartBare: async () => {
      await bare.end();
      bare = await startBare();
      return bare.readyMs;
    },
    [Symbol.asyncDispose]: async () => {
      await bare.end();
      await lab.stop();
    },
  };
};
