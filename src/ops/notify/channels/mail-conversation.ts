import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { z } from 'zod';
import type { ChannelConfig } from '../../../platform/config/notify-config.ts';
import { ChannelFailure } from '../channel.ts';
import type { Note } from '../note.ts';
import { replyWords } from './reply-words.ts';
import { mailTimeoutMs } from './times.ts';

/** A mail server and whom it is to reach. */
export type SmtpConfig = Extract<ChannelConfig, { kind: 'smtp' }>;

/** Where a conversation has come to. After `sending` has begun nobody knows what became of the mail. */
type Stage = 'connecting' | 'login' | 'sending';

const told = z.object({ code: z.string().optional(), responseCode: z.number().optional() });

/** The mail itself. Its id is that of the message: what comes twice can be told by it. */
function compose({ from, to }: SmtpConfig, note: Note): Promise<Buffer> {
  const { id, at, title, text, urgency } = note;
  return new MailComposer({
    ...{ from: { name: 'urtc', address: from }, to: [...to], subject: title, text },
    messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
    date: new Date(at),
    headers: {
      // RFC 3834: nobody who is on holiday needs to answer.
      'Auto-Submitted': 'auto-generated',
      ...(urgency === 'trouble' ? { 'X-Priority': '1', Importance: 'high' } : {}),
    },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
    .compile()
    .build();
}

function failureOf(stage: Stage, error: unknown, words: (text: string) => string): ChannelFailure {
  const known = told.safeParse(error);
  const { code, responseCode } = known.success ? known.data : {};
  const fate = stage === 'sending' && responseCode === undefined ? 'unsure' : 'refused';
  // What a server says to a login may quote the login.
  const reason =
    stage === 'login'
      ? `login refused (${responseCode ?? code ?? 'no reason'})`
      : words(error instanceof Error ? error.message : String(error));
  return new ChannelFailure(fate, reason);
}

/**
 * Sends one mail over a connection of its own, and returns what the server said to it. Throws
 * {@link ChannelFailure}, and what aborted it.
 */
export async function sendMail(
  config: SmtpConfig,
  note: Note,
  signal: AbortSignal,
): Promise<string> {
  const { host, port, tls, user, password, from, to, ca } = config;
  const words = replyWords(password === null ? [] : [password]);
  const mail = await compose(config, note);
  const connection = new SMTPConnection({
    ...{ host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls' },
    ...{ ignoreTLS: tls === 'none', connectionTimeout: 15_000, greetingTimeout: 15_000 },
    ...{ socketTimeout: mailTimeoutMs, dnsTimeout: 10_000, logger: false },
    tls: {
      ...{ rejectUnauthorized: true, minVersion: 'TLSv1.2' },
      ...(ca === null ? {} : { ca }),
    },
  });
  let stage: Stage = 'connecting';
  // Both may come to pass when nobody waits for them any more.
  const broken = new Promise<never>((_resolve, reject) => connection.on('error', reject));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(mailTimeoutMs)]);
  const late = new Promise<never>((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
  broken.catch(() => undefined);
  late.catch(() => undefined);
  const step = <Value>(
    run: (done: (error: Error | null | undefined, value?: Value) => void) => void,
  ): Promise<Value | undefined> =>
    Promise.race([
      broken,
      late,
      new Promise<Value | undefined>((resolve, reject) => {
        run((error, value) => {
          if (error == null) resolve(value);
          else reject(error);
        });
      }),
    ]);
  try {
    await step((done) => connection.connect(done));
    stage = 'login';
    if (user !== null && password !== null) {
      await step((done) => connection.login({ user, pass: password.reveal() }, done));
    }
    stage = 'sending';
    const sent = await step<{ readonly response: string }>((done) =>
      connection.send({ from, to: [...to] }, mail, done),
    );
    connection.quit();
    return words(sent?.response ?? '');
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(stage, error, words);
  } finally {
    connection.close();
  }
}
