import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type Progress } from '../cache.ts';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';
import { findGo, goEnvironment } from './go-toolchain.ts';

const source = join(import.meta.dirname, 'go');

/** Change this when the steps below change. */
const recipe = '1';

const build = async (progress?: Progress): Promise<string> => {
  const go = await findGo(progress);
  const files = readdirSync(source).sort();
  const texts = files.map((file) => readFileSync(join(source, file), 'utf8'));
  const folder = await cached({
    name: 'go-person',
    madeOf: [recipe, go.version, ...files, ...texts],
    progress,
    build: async (unfinished) => {
      progress?.('the person on mautrix-go: building (about half a minute, once per machine)');
      const out = join(unfinished, 'go-person');
      const flags = ['-tags', 'goolm', '-trimpath', '-mod', 'readonly'];
      try {
        await runProgram(go.path, ['build', ...flags, '-o', out, '.'], {
          cwd: source,
          env: goEnvironment(),
        });
      } catch (error) {
        throw new LabError(
          [
            textOf(error),
            `The person on mautrix-go could not be built with ${go.path} (${go.version}).`,
            'Next: check that Go reaches its module proxy (network, GOPROXY), then run this again.',
          ].join('\n'),
          { cause: error },
        );
      }
    },
  });
  return join(folder, 'go-person');
};

let built: Promise<string> | undefined;

/**
 * The path of the program that is the person on mautrix-go. Builds it if it is not in the cache:
 * some seconds to half a minute, plus the download of its modules the first time.
 *
 * @throws LabError with cause and next step.
 */
export const goProgram = (progress?: Progress): Promise<string> => {
  built ??= build(progress);
  return built;
};
