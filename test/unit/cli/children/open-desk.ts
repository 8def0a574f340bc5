/** `open-desk.ts FOLDER`: has the owner's socket there until it is killed; serves nobody. */
import { writeSync } from 'node:fs';
import type { Log } from '../../../../src/core/log.ts';
import { openTerminals } from '../../../../src/cli/sockets/listen.ts';

const ignore = (): void => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => log };
const [, , folder = ''] = process.argv;
await openTerminals(folder, [{ rank: 'owner', groupId: null }], ignore, log);
writeSync(1, 'ready\n');
