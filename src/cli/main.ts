import { version } from '../core/version.ts';

process.stdout.write(`${version}\n`);
