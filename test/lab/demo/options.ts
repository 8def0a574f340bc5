import { parseArgs } from 'node:util';
import { LabError } from '../failure.ts';

/** Languages that the bot speaks (the product's list, spelled out: the demo is a stranger to it). */
const languages = ['en', 'zh'] as const;

/** What the demo was told on its command line. */
export interface DemoOptions {
  /** Said in turn instead of asking at a prompt. */
  readonly say: readonly string[];
  readonly language: (typeof languages)[number];
  /** With a cluster. */
  readonly full: boolean;
  /** With an Alertmanager. */
  readonly alerts: boolean;
  readonly help: boolean;
}

/** What `--help` prints. */
export const helpText = `npm run demo -- [--alerts] [--full] [--say TEXT]... [--lang en|zh]

Starts a real Synapse on a free loopback port, a bot as in production and a person with the role
admin, and shows the bot's admin room in this terminal. Ctrl-C stops all of it.

  --alerts       Adds a real Alertmanager that posts to the bot (the first time some minutes, as it is
                 built): !alert list, !silence add. Then the demo itself takes, at the prompt and by
                 --say: /fire NAME [critical|warning|info], /end NAME.
  --full         Adds a Kubernetes cluster with objects shaped like Element Server Suite (half a minute
                 more; the first time 20 minutes, as its programs are built): !status, !logs, !restart.
                 Then the demo itself takes: /break COMPONENT, /heal COMPONENT.
  --say TEXT     Sends TEXT, waits for its final answer, and so on; prints what was said and ends.
                 Exit code 0 if every command ended well, 1 if one failed, was refused or had no
                 answer within 60 seconds. May be given several times.
  --say confirm  Answers the question that the command before has led to with its code.
  --lang LANG    Language that the bot speaks with you: en (default) or zh.
  --help         Prints this.

Examples:
  npm run demo
  npm run demo -- --say '!user add alice' --say '!user list'
  npm run demo -- --say '!user add alice' --say '!user deactivate alice' --say confirm
  npm run demo -- --alerts --say '/fire DiskLow critical' --say '!alert list' --say '/end DiskLow'
`;

/**
 * Reads the command line (without program and file).
 *
 * @throws LabError that says what is wrong and how to get help.
 */
export const readOptions = (args: readonly string[]): DemoOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        say: { type: 'string', multiple: true, default: [] },
        lang: { type: 'string', default: 'en' },
        full: { type: 'boolean', default: false },
        alerts: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const language = languages.find((each) => each === values.lang);
    if (language === undefined) throw new TypeError(`--lang takes en or zh, not '${values.lang}'`);
    if (values.say.some((text) => text.trim() === '')) throw new TypeError('--say needs a text');
    const { say, full, alerts, help } = values;
    return { say, language, full, alerts, help };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new LabError(`${error.message}\nNext: npm run demo -- --help`, { cause: error });
  }
};
