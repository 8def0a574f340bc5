import { describe, expect, it, onTestFinished } from 'vitest';
import { ChannelFailure } from '../../../../src/ops/notify/channel.ts';
import { openChannel } from '../../../../src/ops/notify/open-channels.ts';
import type { ChannelConfig } from '../../../../src/platform/config/notify-config.ts';
import { startMailSink, type MailSinkOptions } from '../../../lab/alerts/mail-sink.ts';
import { selfSigned } from '../../../lab/alerts/self-signed.ts';
import { startWebSink } from '../../../lab/alerts/web-sink.ts';
import { canary, channelConfigs, nastyNote } from './channel-configs.ts';

const { signal } = new AbortController();

/** What a channel said, or how it failed. Nothing of it may hold the secret. */
async function deliver(config: ChannelConfig): Promise<string> {
  try {
    const said = await openChannel(config).deliver(nastyNote, signal);
    expect(said).not.toContain(canary);
    return said;
  } catch (error) {
    expect(error).toBeInstanceOf(ChannelFailure);
    if (!(error instanceof ChannelFailure)) throw error;
    const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join();
    expect(shown).not.toContain(canary);
    expect(error.cause).toBeUndefined();
    return `${error.fate}: ${error.message}`;
  }
}

async function mailSink(options: MailSinkOptions = {}) {
  const sink = await startMailSink(options);
  onTestFinished(() => sink.stop());
  return sink;
}

async function webSink(...options: Parameters<typeof startWebSink>) {
  const sink = await startWebSink(...options);
  onTestFinished(() => sink.stop());
  return sink;
}

const webKinds = ['ntfy', 'gotify', 'telegram', 'webhook'] as const;

describe('a channel over HTTP', () => {
  it('says what its service asks for, the token where it belongs', async () => {
    const sink = await webSink();
    const configs = channelConfigs(sink.port);
    for (const kind of webKinds) expect(await deliver(configs[kind])).toBe('HTTP 200 ok');
    const { title, text } = nastyNote;
    const [ntfy, gotify, telegram, webhook] = sink.requests.map(({ path, headers, body }) => {
      const sent: unknown = JSON.parse(body);
      return { path, headers, sent };
    });
    expect(ntfy).toMatchObject({
      path: '/',
      headers: { authorization: `Bearer ${canary}` },
      sent: { topic: 'topic-1', title, message: text, priority: 5, sequence_id: nastyNote.id },
    });
    expect(gotify).toMatchObject({
      path: '/message',
      headers: { 'x-gotify-key': canary },
      sent: { title, message: text, priority: 8 },
    });
    expect(telegram).toMatchObject({
      path: `/bot${canary}/sendMessage`,
      sent: { chat_id: '-100', disable_notification: false },
    });
    expect(JSON.stringify(telegram?.sent)).toContain('@\u2060anna <b>x</b>');
    expect(webhook).toMatchObject({
      path: `/hooks/${canary}?key=${canary}`,
      headers: { 'idempotency-key': nastyNote.id },
      sent: { id: nastyNote.id, at: '2023-11-14T22:13:20.000Z', urgency: 'trouble', title, text },
    });
  });

  it('[#39] tells no secret, whatever the service answers', async () => {
    const sink = await webSink();
    const configs = channelConfigs(sink.port);
    sink.answer = ({ path, headers }) => ({
      status: 401,
      body: `no: ${path} ${JSON.stringify(headers)}\r\n\u001b[31m`,
    });
    for (const kind of webKinds) expect(await deliver(configs[kind])).toMatch(/^refused: HTTP 401/);
    sink.answer = ({ path }) => ({ status: 302, headers: { location: `${sink.url}/x${path}` } });
    for (const kind of webKinds) expect(await deliver(configs[kind])).toMatch(/^refused: HTTP 302/);
    // No redirection was followed: it would carry the token along.
    expect(sink.requests.every(({ path }) => !path.startsWith('/x'))).toBe(true);
  });

  it('knows whether a message may be there: cut after it was sent, or nobody to send it to', async () => {
    const sink = await webSink();
    const configs = channelConfigs(sink.port);
    sink.answer = () => 'drop';
    for (const kind of webKinds) expect(await deliver(configs[kind])).toMatch(/^unsure: /);
    await sink.stop();
    for (const kind of webKinds) {
      expect(await deliver(configs[kind])).toMatch(/^refused: .*ECONNREFUSED/);
    }
  });

  it('speaks to no server whose certificate is not right, whatever the environment says', async () => {
    const pem = selfSigned();
    const foreign = selfSigned('DNS:elsewhere.example.org');
    const sink = await webSink(pem);
    const other = await webSink(foreign);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    const { ntfy } = channelConfigs(sink.port, pem.cert);
    expect(await deliver(ntfy)).toBe('HTTP 200 ok');
    expect(await deliver({ ...ntfy, ca: null })).toMatch(/^refused: .*self-signed certificate/);
    const wrongName = channelConfigs(other.port, foreign.cert).ntfy;
    expect(await deliver(wrongName)).toMatch(/^refused: .*ERR_TLS_CERT_ALTNAME_INVALID/);
    expect(other.requests).toHaveLength(0);
  });
});

describe('mail', () => {
  it('has the title as one encoded header, and nothing of the data as another', async () => {
    const sink = await mailSink();
    expect(await deliver(channelConfigs(sink.port).smtp)).toBe('250 2.0.0 taken');
    const [mail] = sink.mails;
    expect(mail).toMatchObject({ from: 'urtc@x.org', to: ['anna@x.org'] });
    expect(mail?.login).toEqual({ user: 'urtc', password: canary });
    const [head = '', body = ''] = mail?.data.split('\r\n\r\n') ?? [];
    const names = head.split('\r\n').filter((line) => !/^\s/.test(line));
    expect(names.map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining(['From', 'To', 'Subject', 'Message-ID', 'Date', 'Auto-Submitted']),
    );
    expect(names.some((line) => /^(bcc|cc):/i.test(line))).toBe(false);
    expect(head).toContain('Message-ID: <urtc-matrix-begun-abc@x.org>');
    expect(body).not.toContain('\r\n.\r\n');
    expect(sink.lines.filter((line) => line.startsWith('MAIL FROM'))).toHaveLength(1);
  });

  it('goes by STARTTLS or not at all, and to the right server only', async () => {
    const pem = selfSigned();
    const sink = await mailSink({ pem });
    const config = { ...channelConfigs(sink.port).smtp, tls: 'starttls', ca: pem.cert } as const;
    expect(await deliver(config)).toMatch(/^250/);
    expect(sink.mails[0]).toMatchObject({ isEncrypted: true });
    expect(await deliver({ ...config, ca: null })).toMatch(/^refused: .*self-signed/);
    const plain = await mailSink();
    expect(await deliver({ ...config, port: plain.port })).toMatch(/^refused: /);
    expect([plain.mails, plain.lines.filter((line) => line.startsWith('AUTH'))]).toEqual([[], []]);
    const implicit = await mailSink({ pem, implicitTls: true });
    expect(await deliver({ ...config, tls: 'implicit', port: implicit.port })).toMatch(/^250/);
  });

  it('[#39] tells no password, also where the server quotes the login', async () => {
    const quoting = await mailSink({
      answer: (line) => (line.startsWith('AUTH') ? `535 bad: ${line}` : undefined),
    });
    const said = await deliver(channelConfigs(quoting.port).smtp);
    expect(said).toBe('refused: login refused (535)');
  });

  it('knows whether a mail may be there', async () => {
    const refusing = await mailSink({ answer: (line) => (line === '.' ? '554 no' : undefined) });
    expect(await deliver(channelConfigs(refusing.port).smtp)).toMatch(/^refused: .*554/);
    const full = await mailSink({
      answer: (line) => (line.startsWith('RCPT') ? '452 full' : undefined),
    });
    expect(await deliver(channelConfigs(full.port).smtp)).toMatch(/^refused: .*452/);
    const gone = await mailSink({ answer: (line) => (line === '.' ? null : undefined) });
    const waiting = deliver(channelConfigs(gone.port).smtp);
    while (gone.mails.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await gone.stop();
    expect(await waiting).toMatch(/^unsure: /);
    expect(await deliver(channelConfigs(gone.port).smtp)).toMatch(/^refused: .*ECONNREFUSED/);
  });
});
