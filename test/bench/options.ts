import { parseArgs } from 'node:util';
import { LabError } from '../lab/failure.ts';

/** The measurements, in the order in which they are made. */
export const measurements = [
  'parse',
  'crypto-store',
  'latency',
  'commits',
  'ready',
  'memory',
  'history',
  'encrypted',
  'cluster',
  'alerts',
] as const;

/** The name of a measurement. */
export type Measurement = (typeof measurements)[number];

/** How much is measured. */
export interface Counts {
  /** Turns of ten commands one after the other, of each bot. */
  readonly latencyTurns: number;
  /** Turns of twenty commands at once, of each bot. */
  readonly crowdTurns: number;
  /** Starts of each bot. */
  readonly starts: number;
  /** Starts of a bot with and of one without history, where a tenth is to be seen. */
  readonly pairedStarts: number;
  /** Starts of each process whose memory is looked at. */
  readonly memoryTurns: number;
  /** How long nobody speaks before memory is looked at. */
  readonly idleSeconds: number;
  /** Commands whose commits are counted. */
  readonly committedCommands: number;
  readonly ledgerRows: number;
  readonly messages: number;
  /** Rounds over the examples of all commands. */
  readonly parseRounds: number;
  /** Sessions in the large one of two crypto stores. */
  readonly storedSessions: number;
  /** Turns of twenty messages, in each of the two. */
  readonly storeTurns: number;
  /** Openings of each of the two. */
  readonly storeOpenings: number;
  /** People who enter the encrypted rooms, one after the other. */
  readonly newcomers: number;
  /** How often each command that sees is asked on a cluster. */
  readonly seenCommands: number;
  /** How often the end of a log is asked for, in the room and on the terminal. */
  readonly logReadings: number;
  /** For how many commands it is counted what they ask of the API server. */
  readonly countedRequests: number;
  /** Storms of alerts on each of two bots, one with a long past. */
  readonly storms: number;
  /** Alerts one after the other on each of the two. */
  readonly singleAlerts: number;
  /** Alerts of the past that one of the two knows. */
  readonly storedIncidents: number;
}

const full: Counts = {
  latencyTurns: 20,
  crowdTurns: 10,
  starts: 7,
  pairedStarts: 15,
  memoryTurns: 3,
  idleSeconds: 10,
  committedCommands: 10,
  ledgerRows: 100_000,
  messages: 10_000,
  parseRounds: 200,
  storedSessions: 10_000,
  storeTurns: 25,
  storeOpenings: 5,
  newcomers: 6,
  seenCommands: 100,
  logReadings: 60,
  countedRequests: 100,
  storms: 10,
  singleAlerts: 5,
  storedIncidents: 100_000,
};

/** Enough to see that everything still works; too little for a judgement. */
const quick: Counts = {
  latencyTurns: 1,
  crowdTurns: 1,
  starts: 1,
  pairedStarts: 1,
  memoryTurns: 1,
  idleSeconds: 1,
  committedCommands: 2,
  ledgerRows: 1000,
  messages: 300,
  parseRounds: 2,
  storedSessions: 300,
  storeTurns: 1,
  storeOpenings: 1,
  newcomers: 2,
  seenCommands: 3,
  logReadings: 1,
  countedRequests: 1,
  storms: 1,
  singleAlerts: 1,
  storedIncidents: 1000,
};

/** What the bench was told on its command line. */
export interface BenchOptions {
  readonly only: readonly Measurement[];
  readonly counts: Counts;
  /** Whether missed targets count. */
  readonly isJudged: boolean;
  readonly help: boolean;
}

/** What `--help` prints. */
export const helpText = `npm run bench -- [--quick] [--only NAME]...

Measures our bot beside a baseline in the same run, on a real Synapse without rate limits. Prints a
table and writes .lab/bench.json. Exit code 1 when a target is missed.

  --quick      Small counts: shows that the bench works. Nothing is judged.
  --only NAME  Only this measurement, may be given several times: ${measurements.join(', ')}.
  --help       Prints this.
`;

const isMeasurement = (name: string): name is Measurement =>
  measurements.some((each) => each === name);

/**
 * Reads the command line (without program and file).
 *
 * @throws LabError that says what is wrong and how to get help.
 */
export const readOptions = (args: readonly string[]): BenchOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = values.only.find((name) => !isMeasurement(name));
    if (unknown !== undefined) throw new TypeError(`there is no measurement '${unknown}'`);
    const chosen = values.only.filter(isMeasurement);
    return {
      only: chosen.length === 0 ? measurements : chosen,
      counts: values.quick ? quick : full,
      isJudged: !values.quick,
      help: values.help,
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new LabError(`${error.message}\nNext: npm run bench -- --help`, { cause: error });
  }
};
