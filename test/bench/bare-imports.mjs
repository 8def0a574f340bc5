/**
 * The baseline for memory: a process that has imported what the bot imports, and does nothing.
 * JavaScript, because Node's way to run TypeScript would take memory of its own.
 *
 * Environment: IMPORTS, a file with one URL per line.
 */
import { readFileSync } from 'node:fs';

const list = process.env.IMPORTS;
for (const url of readFileSync(list, 'utf8').trim().split('\n')) await import(url);
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
