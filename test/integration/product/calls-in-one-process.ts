/**
 * Makes many calls of the built `urtc` in this one process, one after the other: a start costs more
 * than what most commands do. Each call is the program itself with its own argv, its own text on stdout
 * and its own exit code; only what is loaded already is not loaded again.
 *
 * `calls-in-one-process.ts CALLS`: JSON, a list of lists of arguments. After each call prints
 * {@link endOfCall}, its exit code and a line end, on stdout and on stderr.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { repository } from '../../lab/product.ts';
import { endOfCall } from './many-calls.ts';

const program = pathToFileURL(join(repository, 'dist/urtc.mjs')).href;
const [node = '', itself = '', given = ''] = process.argv;
const calls = z.array(z.array(z.string())).parse(JSON.parse(given));
// Each call listens to the streams anew.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(calls.length + 10);
for (const [number, args] of calls.entries()) {
  process.argv = [node, itself, ...args];
  process.exitCode = 0;
  await import(`${program}?call=${number}`);
  for (const stream of [process.stdout, process.stderr]) {
    stream.write(`${endOfCall}${process.exitCode}\n`);
  }
}
process.exitCode = 0;
