import { z } from 'zod';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';

/** A Python that can carry Synapse. */
export interface Python {
  readonly path: string;
  /** Full version text, build included: part of the cache key. */
  readonly version: string;
  /** Processor, as Python names it: part of the cache key, wheels differ. */
  readonly machine: string;
}

const question = `
import importlib.util, json, platform, sys
print(json.dumps([sys.version, platform.machine(), sys.version_info >= (3, 10),
  all(importlib.util.find_spec(m) is not None for m in ("venv", "ensurepip"))]))
`;

const answerShape = z.tuple([z.string(), z.string(), z.boolean(), z.boolean()]);

const candidates = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
];

const ask = async (path: string): Promise<Python | string> => {
  let answer: unknown;
  try {
    answer = JSON.parse(await runProgram(path, ['-c', question]));
  } catch (error) {
    return error instanceof LabError && textOf(error).includes('ENOENT')
      ? 'not there'
      : textOf(error);
  }
  const facts = answerShape.safeParse(answer);
  if (!facts.success) return 'no usable answer';
  const [version, machine, isNewEnough, hasVenv] = facts.data;
  if (!isNewEnough) return `is ${version.split(' ')[0] ?? ''}, too old`;
  if (!hasVenv) return 'has no venv module';
  return { path, version, machine };
};

/**
 * Finds a Python ≥ 3.10 with venv. `URTC_LAB_PYTHON` names one explicitly.
 *
 * @throws LabError that lists what was tried and says what to install.
 */
export const findPython = async (
  paths: readonly string[] = process.env['URTC_LAB_PYTHON']
    ? [process.env['URTC_LAB_PYTHON']]
    : candidates,
): Promise<Python> => {
  const refused: string[] = [];
  for (const path of paths) {
    const answer = await ask(path);
    if (typeof answer !== 'string') return answer;
    refused.push(`  ${path}: ${answer}`);
  }
  throw new LabError(
    [
      'The test lab runs a real Synapse, which needs Python 3.10 or newer with venv. Tried:',
      ...refused,
      'Next: install it (Debian, Ubuntu: sudo apt install python3 python3-venv), or name one',
      'in the environment variable URTC_LAB_PYTHON.',
    ].join('\n'),
  );
};
