import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Rank } from '../../core/roles.ts';
import { say } from '../../core/text.ts';
import { makeFolders } from '../../platform/folders.ts';
import { folderProblem } from '../folder-problem.ts';
import { eventLine } from '../protocol.ts';

/** One socket: whoever may open the file has the rank. */
export interface RankSocket {
  readonly rank: Rank;
  /** Group that may connect besides the owner; null: the owner alone. */
  readonly groupId: number | null;
}

/** Most connections of one socket at a time; more are told so and closed. */
export const connectionLimit = 32;

/** How long one that is turned away may take to read why, ms. */
const lingerMs = 1000;
/** Most that are given that time; beyond them connections are just cut. */
const lingerLimit = 500;

/** `sun_path` of Linux (unix(7)) with its final zero byte. */
const longestPath = 107;

const nurseryPrefix = '.new-';

/** `owner.sock` and so on, where a terminal looks for them. */
export function socketPath(folder: string, rank: Rank): string {
  return join(folder, `${rank}.sock`);
}

/**
 * The file appears at its place with its owner and mode already right: it is made in a folder that
 * only we can enter and then moved.
 */
async function listenOn(
  server: Server,
  folder: string,
  { rank, groupId }: RankSocket,
): Promise<void> {
  const target = socketPath(folder, rank);
  const nursery = mkdtempSync(join(folder, nurseryPrefix));
  const born = join(nursery, 's');
  if (Buffer.byteLength(born) > longestPath || Buffer.byteLength(target) > longestPath) {
    rmdirSync(nursery);
    const reason = say('settings.reason.socket-path', { limit: longestPath });
    throw new AppError('E_CONFIG_INVALID', { file: folder, place: 'terminal.socketDir', reason });
  }
  server.listen(born);
  await once(server, 'listening');
  if (groupId !== null) giveToGroup(born, rank, groupId);
  chmodSync(born, groupId === null ? 0o600 : 0o660);
  renameSync(born, target);
  rmdirSync(nursery);
}

function giveToGroup(path: string, rank: Rank, id: number): void {
  try {
    chownSync(path, process.getuid?.() ?? 0, id);
  } catch (error) {
    const reason = say('settings.reason.group-member');
    const place = `terminal.groups.${rank}`;
    throw new AppError('E_CONFIG_INVALID', { file: path, place, reason }, error);
  }
}

function turnAway(socket: Socket): void {
  // He may be gone already; there is nobody to tell then.
  socket.on('error', () => undefined);
  socket.end(eventLine({ type: 'problem', error: new AppError('E_TERMINAL_BUSY') }));
  // Closed at once, his request would meet a broken pipe before he could read why.
  socket.resume();
  const limit = setTimeout(() => socket.destroy(), lingerMs);
  socket.on('close', () => clearTimeout(limit));
}

/** Makes the folder ours and removes what a killed bot left in the making of its sockets. */
function prepare(folder: string, mode: number): void {
  try {
    makeFolders(folder, mode);
    chmodSync(folder, mode);
  } catch (error) {
    throw folderProblem(error, 'terminal.socketDir', folder);
  }
  for (const name of readdirSync(folder)) {
    if (name.startsWith(nurseryPrefix))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Open sockets. */
export interface Terminals {
  /** No new connections; the ones that are there stay until their command has ended. */
  stopAccepting(): void;
  /** Cuts all connections and removes the files. */
  close(): void;
}

/**
 * Opens the sockets in `folder` (made where it is missing) and hands each connection to `serve`.
 * Sockets that a dead bot left are replaced: whoever calls this holds the store's lock. Throws
 * `E_CONFIG_INVALID` where the path is too long for a socket or the folder is not ours.
 */
export async function openTerminals(
  folder: string,
  sockets: readonly RankSocket[],
  serve: (socket: Socket, rank: Rank) => void,
  log: Log,
): Promise<Terminals> {
  const shared = sockets.some((each) => each.groupId !== null);
  prepare(folder, shared ? 0o711 : 0o700);
  const open = new Set<Socket>();
  const servers: Server[] = [];
  for (const each of sockets) {
    let count = 0;
    let turnedAway = 0;
    const server = createServer((socket) => {
      const isTooMany = count >= connectionLimit;
      if (isTooMany && turnedAway >= lingerLimit) {
        socket.destroy();
        return;
      }
      if (isTooMany) turnedAway += 1;
      else count += 1;
      open.add(socket);
      socket.on('close', () => {
        if (isTooMany) turnedAway -= 1;
        else count -= 1;
        open.delete(socket);
      });
      if (isTooMany) {
        turnAway(socket);
        return;
      }
      serve(socket, each.rank);
    });
    server.on('error', (error) =>
      log.error({ err: error, rank: each.rank }, 'a terminal socket failed'),
    );
    await listenOn(server, folder, each);
    servers.push(server);
  }
  const stopAccepting = (): void => {
    for (const each of sockets) rmSync(socketPath(folder, each.rank), { force: true });
    for (const server of servers) server.close();
  };
  return {
    stopAccepting,
    close: () => {
      stopAccepting();
      for (const socket of open) socket.destroy();
    },
  };
}
