import { AppError } from '../core/errors.ts';
import type { Language } from '../core/words/index.ts';
import { configPath } from '../platform/config/default-path.ts';
import { languageOfLocale, readCommandLine, type CommandLine } from './options.ts';
import { Screen } from './screen.ts';

const environment = process.env;

function screenFor(commandLine: CommandLine | null): { screen: Screen; language: Language } {
  const { json = false, colour = true, language: chosen = null } = commandLine?.options ?? {};
  const language = chosen ?? languageOfLocale(environment) ?? 'en';
  const streams = { input: process.stdin, output: process.stdout, messages: process.stderr };
  return { screen: new Screen(streams, { language, json, colour, environment }), language };
}

/**
 * Runs one call of `urtc` and returns its exit code. Each way loads only what it needs: that is why
 * everything below is imported when it is known which way it goes.
 */
async function run(
  { options, words }: CommandLine,
  screen: Screen,
  language: Language,
): Promise<number> {
  const [first = '', second = ''] = words;
  const config = () => configPath(options.config, environment, process.cwd());
  if (options.version || (first === 'version' && !options.help)) {
    const { versionPage } = await import('./version-page.ts');
    await screen.answer(versionPage(), { command: 'version', job: null, outcome: 'ok' });
    return 0;
  }
  if (options.help || first === '' || first === 'help') {
    const { offlineHelp } = await import('./offline.ts');
    const about = words.filter((word) => word !== 'help' && !word.startsWith('-'));
    const nodes = await offlineHelp(first === 'help' ? words.slice(1) : about, language);
    await screen.answer(nodes, { command: 'help', job: null, outcome: 'ok' });
    return 0;
  }
  if (first === 'config' && (second === 'check' || second === 'show')) {
    const [extra, ...more] = words.slice(2);
    const offline = second === 'check' && extra === '--offline' && more.length === 0;
    if (extra !== undefined && !offline) {
      const usage = `urtc config ${second}${second === 'check' ? ' [--offline]' : ''}`;
      throw new AppError('E_ARGUMENT_EXTRA', { value: more[0] ?? extra, usage });
    }
    const { checkConfig, showConfig } = await import('./config-pages.ts');
    const page =
      second === 'check'
        ? await checkConfig(config(), environment, { offline })
        : showConfig(config());
    await screen.answer(page.nodes, {
      command: `config ${second}`,
      job: null,
      outcome: page.outcome,
    });
    return page.exitCode;
  }
  if (first === 'bot' && second === 'recover') {
    const { assertBareRecover } = await import('./recover-line.ts');
    assertBareRecover(words.slice(2));
    const { recoverIdentity } = await import('./recover.ts');
    return recoverIdentity(config(), environment, screen);
  }
  if (first === 'bot' && words.length === 1) {
    const { bot } = await import('./bot.ts');
    // Its end is decided there; nothing that was forgotten may keep the process.
    process.exit(await bot(config(), environment));
  }
  if (first === 'completion') {
    const { completion } = await import('./completion.ts');
    process.stdout.write(completion(words.slice(1), language));
    return 0;
  }
  const { command } = await import('./command.ts');
  const chosen = options.language ?? languageOfLocale(environment);
  const call = { words, language: chosen, yes: options.yes, configFile: config(), environment };
  return command(call, screen);
}

/** A reader that went away (`urtc … | head`) ends the program quietly. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

let commandLine: CommandLine | null = null;
try {
  commandLine = readCommandLine(process.argv.slice(2));
  const { screen, language } = screenFor(commandLine);
  process.exitCode = await run(commandLine, screen, language);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  const { adviseRoot } = await import('./call-as-root.ts');
  const told = adviseRoot(error, process.argv.slice(2), commandLine?.words ?? []);
  await screenFor(commandLine).screen.problem(told);
  process.exitCode = error.exitCode;
}
