import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { z } from 'zod';
import type { Pem } from './self-signed.ts';

/** A mail that was taken. */
export interface SunkMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came, dots unstuffed. */
  readonly data: string;
  /** Who logged in; null: nobody. */
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly isEncrypted: boolean;
}

/** How the sink behaves. */
export interface MailSinkOptions {
  readonly pem?: Pem;
  /** With `pem`: from the first byte on, or after STARTTLS (default). */
  readonly implicitTls?: boolean;
  /** Another answer than usual to a line, `.` being the end of a mail; null: none at all, ever. */
  readonly answer?: (line: string) => string | null | undefined;
  /** 0 or left out: any. */
  readonly port?: number;
}

/** A mail server on the loopback that keeps what it gets. */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  /** All lines that came, the mails' own left out. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

const address = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

/** As much of RFC 5321, 3207 and 4954 as a client needs to be content. */
export const startMailSink = async (options: MailSinkOptions = {}): Promise<MailSink> => {
  const { pem, implicitTls = false, answer = () => undefined, port = 0 } = options;
  const mails: SunkMail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();

  const serve = (socket: Socket, isEncrypted: boolean): void => {
    sockets.add(socket);
    let [from, to, data] = ['', [] as string[], null as string | null];
    let login: SunkMail['login'] = null;
    let rest = '';
    const say = (line: string, usual: string): boolean => {
      const told = answer(line);
      if (told === null) return false;
      socket.write(`${told ?? usual}\r\n`);
      return told === undefined || told.startsWith('2') || told.startsWith('3');
    };
    const take = (line: string): void => {
      if (data !== null) {
        if (line !== '.') {
          data += `${line.replace(/^\./, '')}\r\n`;
          return;
        }
        const mail = { from, to, data, login, isEncrypted };
        data = null;
        // Whoever says nothing may have taken it all the same.
        if (answer('.') === null) mails.push(mail);
        else if (say('.', '250 2.0.0 taken')) mails.push(mail);
        return;
      }
      lines.push(line);
      const verb = line.toUpperCase();
      if (verb.startsWith('EHLO')) {
        const tls = pem !== undefined && !isEncrypted ? '250-STARTTLS\r\n' : '';
        say(line, `250-lab\r\n${tls}250 AUTH PLAIN LOGIN`);
      } else if (verb.startsWith('AUTH PLAIN ')) {
        const [, user = '', password = ''] = decode(line.slice(11)).split('\0');
        if (say(line, '235 welcome')) login = { user, password };
      } else if (verb.startsWith('MAIL FROM')) {
        from = address(line);
        say(line, '250 ok');
      } else if (verb.startsWith('RCPT TO')) {
        if (say(line, '250 ok')) to = [...to, address(line)];
      } else if (verb === 'DATA') {
        if (say(line, '354 go on')) data = '';
      } else if (verb === 'STARTTLS' && pem !== undefined) {
        if (!say(line, '220 go on')) return;
        socket.removeAllListeners('data');
        const secure = new TLSSocket(socket, {
          isServer: true,
          secureContext: createSecureContext(pem),
        });
        secure.on('error', () => socket.destroy());
        serve(secure, true);
      } else if (verb === 'STARTTLS') say(line, '502 no such thing');
      else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else say(line, '250 ok');
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\r\n');
      rest = parts.pop() ?? '';
      parts.forEach(take);
    });
  };
  const greet = (isEncrypted: boolean) => (socket: Socket) => {
    serve(socket, isEncrypted);
    const greeting = answer('');
    if (greeting !== null) socket.write(`${greeting ?? '220 lab'}\r\n`);
  };
  const server =
    pem !== undefined && implicitTls
      ? createTlsServer({ ...pem }, greet(true))
      : createServer(greet(false));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: z.object({ port: z.int() }).parse(server.address()).port,
    mails,
    lines,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
