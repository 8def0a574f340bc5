import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TerminalDispatcher } from '../../../src/cli/conversation.ts';
import { terminalEvent, type TerminalEvent } from '../../../src/cli/protocol.ts';
import { LineSplitter } from '../../../src/cli/sockets/lines.ts';
import { openTerminals, socketPath, type RankSocket } from '../../../src/cli/sockets/listen.ts';
import { serveTerminal, type SessionHouse } from '../../../src/cli/sockets/session.ts';
import type { Log } from '../../../src/core/log.ts';
import { parseErrorId, parseJobId } from '../../../src/core/ids.ts';
import type { Outcome, ReportNode } from '../../../src/core/report.ts';
import type { Job } from '../../../src/platform/store/jobs.ts';
import type { Surface } from '../../../src/commands/surface.ts';

/** A log that keeps its messages. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (_fields: object, message: string): void => {
    lines.push(message);
  };
  const log = { lines, debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}

/** A job as a dispatcher would make it. */
export const someJob: Job = {
  id: parseJobId('jabcde'),
  origin: { surface: 'terminal', session: 's', login: 'anna' },
  language: 'en',
  line: 'user list',
  command: 'user list',
  input: {},
  facts: null,
  state: 'running',
  step: null,
  checkpoints: {},
  outcome: null,
  report: null,
  createdAt: 0,
  startedAt: null,
  finishedAt: null,
};

/** A dispatcher whose one job the test moves by hand. */
export class HandDispatcher implements TerminalDispatcher {
  readonly submitted: Parameters<TerminalDispatcher['submit']>[0][] = [];
  readonly codes: string[] = [];
  cancelled = 0;
  surface: Surface | null = null;
  confirmError: Error | null = null;
  #end: ((outcome: Outcome) => void) | null = null;
  #fail: ((error: unknown) => void) | null = null;

  submit(command: Parameters<TerminalDispatcher['submit']>[0]) {
    this.submitted.push(command);
    this.surface = command.surface;
    return new Promise<{ job: Job; outcome: Outcome }>((resolve, reject) => {
      this.#end = (outcome) => resolve({ job: someJob, outcome });
      this.#fail = reject;
    });
  }

  confirm(_job: Job['id'], _actor: unknown, code: string) {
    this.codes.push(code);
    if (this.confirmError !== null) throw this.confirmError;
  }

  cancel() {
    this.cancelled += 1;
  }

  finish(report: readonly ReportNode[], outcome: Outcome = 'ok') {
    this.surface?.finish(someJob, report, outcome);
    this.#end?.(outcome);
  }

  fail(error: unknown) {
    this.#fail?.(error);
  }
}

/** Sockets of a bot in a folder of their own. */
export async function openDesk(
  dispatcher: TerminalDispatcher,
  ranks: readonly RankSocket[] = [{ rank: 'owner', groupId: null }],
  more: Partial<SessionHouse> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-desk-'));
  const log = keptLog();
  const errors = { record: () => parseErrorId('e2345678') };
  const house: SessionHouse = { dispatcher, log, errors, language: () => 'en', ...more };
  const terminals = await openTerminals(
    folder,
    ranks,
    (socket, rank) => serveTerminal(socket, rank, house),
    log,
  );
  onTestFinished(() => {
    terminals.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, log, terminals };
}

/** A terminal that sends what it wants and keeps what it hears. */
export class RawTerminal {
  readonly socket: Socket;
  readonly events: TerminalEvent[] = [];
  readonly closed: Promise<unknown>;

  constructor(folder: string, rank: RankSocket['rank'] = 'owner') {
    this.socket = connect(socketPath(folder, rank));
    const splitter = new LineSplitter(1e8);
    this.socket.on('data', (chunk: Buffer) => {
      for (const line of splitter.push(chunk))
        this.events.push(terminalEvent.parse(JSON.parse(line)));
    });
    this.socket.on('error', () => undefined);
    // Not `once`: a broken connection is what some tests want.
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
  }

  send(text: string) {
    this.socket.write(text);
  }
}

/** A right request, as its line. */
export function requestLine(words: readonly string[] = ['user', 'list']): string {
  return `${JSON.stringify({ type: 'request', protocol: 1, words, language: null, login: 'anna', yes: false, interactive: true })}\n`;
}
