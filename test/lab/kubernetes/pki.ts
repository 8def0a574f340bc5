import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../program.ts';

/** Where the parts of a cluster find their keys and certificates: `file('ca.crt')`. */
export interface Pki {
  file(name: string): string;
}

/** The keys and certificates that lie in a folder. */
export const pkiIn = (folder: string): Pki => ({ file: (name) => join(folder, name) });

/**
 * Makes the authorities, keys and certificates of one cluster, in a third of a second. `python`
 * is that of Synapse's venv, which has the package `cryptography`.
 */
export const makePki = async (folder: string, python: string): Promise<Pki> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await runProgram(python, ['-I', join(import.meta.dirname, 'pki.py'), folder]);
  return pkiIn(folder);
};
