import { describe, expect, it } from 'vitest';
import { defaultLimits, renderMatrix } from '../../../../src/bot/render/matrix.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { say } from '../../../../src/core/text.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { evil } from '../../commands/render/samples.ts';
import { eventBytes, readHtml } from './message-reader.ts';
import { cpuMs } from '../../cpu-time.ts';

const ok: ReportNode = { type: 'outcome', outcome: 'ok', text: 'all went well' };

describe('renderMatrix', () => {
  it('[#20] splits a log at its lines and closes and reopens the preformatted block', () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `${at} error <pod> "x" 😀`);
    const code: ReportNode = { type: 'code', content: lines.join('\n') };
    const limits = { ...defaultLimits, maxParts: 20, maxCodeBytes: 1_000_000 };
    const { messages, files } = renderMatrix([ok, code], 'en', limits);
    expect(files).toEqual([]);
    expect(messages.length).toBeGreaterThan(2);
    const read = messages.flatMap(({ formattedBody }, at) => {
      const [, inner] = /<pre><code>([^]*)<\/code><\/pre>$/.exec(formattedBody) ?? [];
      expect(inner, `part ${at + 1}`).toBeDefined();
      return readHtml(inner ?? '').text.split('\n');
    });
    expect(read).toEqual(lines);
    for (const message of messages.slice(0, -1)) {
      expect(eventBytes(message)).toBeGreaterThan(defaultLimits.maxBytes * 0.98);
    }
    for (const message of messages) {
      expect(eventBytes(message)).toBeLessThanOrEqual(defaultLimits.maxBytes);
    }
  });

  it('[#20] sends 200 kB of log as one short message and a file with every byte', () => {
    const content = '2026-07-27 ошибка 😀 <x>\n'.repeat(6500);
    const { messages, files } = renderMatrix([ok, { type: 'code', content }], 'zh');
    expect(messages).toHaveLength(1);
    expect(messages[0].body).toBe(
      '✅ 完成：all went well\n\n完整内容见文件 answer.txt（214.5 kB）。',
    );
    expect(files).toHaveLength(1);
    expect(files[0]?.mimetype).toBe('text/plain; charset=utf-8');
    expect(Buffer.from(files[0]?.content ?? []).toString()).toBe(
      `✅ 完成：all went well\n\n${content}`,
    );
  });

  it('[#20] sends more than four messages as a file, tables as tables', () => {
    const rows = Array.from({ length: 3000 }, (_, at) => [`user${at}`, 'x'.repeat(60)]);
    const columns = [
      { id: 'a', label: 'Name' },
      { id: 'b', label: 'Note' },
    ];
    const table: ReportNode = { type: 'table', id: 't', columns, rows };
    const { messages, files } = renderMatrix([table], 'en');
    expect(messages).toHaveLength(1);
    const text = Buffer.from(files[0]?.content ?? []).toString();
    expect(text.split('\n')).toHaveLength(3000 + 3);
    expect(text).toContain(`user2999  ${'x'.repeat(60)}\n`);
  });

  it('[#20] never cuts inside a character as people see it', () => {
    const family = '👩‍👩‍👧‍👦';
    const text = family.repeat(400);
    const limits = { maxBytes: 1000, maxParts: 100, maxCodeBytes: 1 };
    const { messages } = renderMatrix([{ type: 'paragraph', text }], 'en', limits);
    expect(messages.length).toBeGreaterThan(10);
    const bodies = messages.map(({ body }) => body.replace(/^\(\d+\/\d+\)\n\n/, ''));
    for (const body of bodies) expect(body.replaceAll(family, '')).toBe('');
    expect(bodies.join('')).toBe(text);
  });

  it('[#20] cuts what has thousands of marks on one letter, since it must', () => {
    const text = `e${'\u0301'.repeat(5000)}`;
    const limits = { maxBytes: 1000, maxParts: 100, maxCodeBytes: 1 };
    const { messages, files } = renderMatrix([{ type: 'paragraph', text }], 'en', limits);
    expect(files).toEqual([]);
    const bodies = messages.map(({ body }) => body.replace(/^\(\d+\/\d+\)\n\n/, ''));
    expect(bodies.join('')).toBe(text);
    for (const message of messages) expect(eventBytes(message)).toBeLessThanOrEqual(1000);
  });

  it('[#20] counts what escaping adds', () => {
    const text = '&<"'.repeat(5000);
    const limits = { maxBytes: 1000, maxParts: 500, maxCodeBytes: 1 };
    const { messages } = renderMatrix([{ type: 'paragraph', text }], 'en', limits);
    expect(messages.length).toBeGreaterThan(10);
    for (const message of messages) expect(eventBytes(message)).toBeLessThanOrEqual(1000);
  });

  it('keeps title and outcome in the message when the whole is in a file', () => {
    const title: ReportNode = { type: 'title', text: 'Audit' };
    const code: ReportNode = { type: 'code', content: 'x'.repeat(30_000) };
    const { messages } = renderMatrix([title, code, ok], 'en');
    expect(messages[0].body).toMatch(/^Audit\n\n✅ Done: all went well\n\nThe whole answer is/);
  });

  it('[#20] shortens an outcome of 60 kB to its word, and has it whole in the file', () => {
    const text = 'ä'.repeat(300_000);
    const outcome: ReportNode = { type: 'outcome', outcome: 'failed', text };
    const { messages, files } = renderMatrix([outcome], 'en');
    expect(messages).toHaveLength(1);
    expect(messages[0].body).toMatch(/^❌ Failed: \n\nThe whole answer is in the file/);
    expect(Buffer.from(files[0]?.content ?? []).toString()).toContain(text);
  });

  it('[#24] shows what looks like a mention as code, where clients make no pill of it', () => {
    const evils = ['hey @room', 'https://matrix.to/#/@eve:example.org', 'matrix:u/eve:example.org'];
    for (const value of evils) {
      const { messages } = renderMatrix([{ type: 'paragraph', text: value }], 'en');
      expect(messages[0].formattedBody).toBe(`<p><code>${value}</code></p>`);
    }
  });

  it('makes a link of an address of our own', () => {
    const link = 'https://matrix.to/#/!a%3Alab.test?via=lab.test&via=b.test';
    const { messages } = renderMatrix([{ type: 'paragraph', text: { link } }], 'en');
    expect(messages[0].body).toBe(link);
    const address = link.replace('&', '&amp;');
    expect(messages[0].formattedBody).toBe(`<p><a href="${address}">${address}</a></p>`);
  });

  it('[#24] keeps data on its line: it forges no outcome, markup or direction', () => {
    const { messages } = renderMatrix([{ type: 'paragraph', text: evil }], 'en');
    const [{ body, formattedBody }] = messages;
    expect(body.split('\n')).toHaveLength(1);
    expect(formattedBody).not.toMatch(/<(?!\/?(p|code)>)/);
    for (const text of [body, formattedBody]) {
      expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066\u200b\ud800-\udfff]/u);
      expect(text).toContain('⟨U+202E⟩');
    }
  });

  it('keeps right-to-left data from moving its neighbours', () => {
    const fields = [{ id: 'a', label: 'Name', value: 'שלום' }];
    const { messages } = renderMatrix([{ type: 'fields', fields }], 'en');
    expect(messages[0].body).toBe('Name: \u2068שלום\u2069');
  });

  it('shows back-ticks of the catalogue as code and those of data as they are', () => {
    const text = say('E_USER_EXISTS.next', { account: 'a`b' });
    const { messages } = renderMatrix([{ type: 'paragraph', text }], 'en');
    expect(messages[0].formattedBody).toBe('<p><code>!user show a`b</code> shows it.</p>');
  });

  it('shows a table of at most 60 columns aligned, a wider one row by row', () => {
    const columns = [
      { id: 'a', label: 'A' },
      { id: 'b', label: 'B', align: 'right' as const },
    ];
    const table = (width: number): string =>
      renderMatrix([{ type: 'table', id: 't', columns, rows: [['王', 'x'.repeat(width)]] }], 'en')
        .messages[0].formattedBody;
    expect(table(56)).toBe(
      `<pre><code>A ${' '.repeat(57)}B\n──  ${'─'.repeat(56)}\n王  ${'x'.repeat(56)}</code></pre>`,
    );
    expect(table(57)).toBe(`<p><b>A</b>: 王<br><b>B</b>: ${'x'.repeat(57)}</p>`);
  });

  it('hands on the files of a report and names them', () => {
    const content = Uint8Array.of(1, 2, 3);
    const file: ReportNode = { type: 'file', name: 'a.bin', mimetype: 'x/y', content };
    const answer = renderMatrix([ok, file], 'en');
    expect(answer.messages[0].body).toContain('File: a.bin (3 B)');
    expect(answer.files).toEqual([{ name: 'a.bin', mimetype: 'x/y', content }]);
  });

  it('[#25] never shows a secret in a room, not in a file either', () => {
    const value = new Secret('hunter2');
    const secret: ReportNode = { type: 'secret', id: 'p', label: 'Password', value };
    const long: ReportNode = { type: 'code', content: 'x'.repeat(30_000) };
    for (const nodes of [[secret], [secret, long]]) {
      const { messages, files } = renderMatrix(nodes, 'en');
      const all = JSON.stringify(messages) + files.map((f) => Buffer.from(f.content)).join('');
      expect(all).toContain('[secret]');
      expect(all).not.toContain('hunter2');
    }
  });

  it('refuses limits that hold nothing', () => {
    const limits = { maxBytes: 100, maxParts: 1, maxCodeBytes: 1 };
    expect(() => renderMatrix([ok], 'en', limits)).toThrow(RangeError);
  });

  it('decides about half a megabyte in well under a second', () => {
    const text = 'a'.repeat(500_000);
    const started = cpuMs();
    renderMatrix([{ type: 'paragraph', text }], 'en');
    expect(cpuMs() - started).toBeLessThan(1000);
  });
});

describe('rows of a wide table', () => {
  const columns = ['name', 'display_name', 'state', 'long'].map((id) => ({ id, label: id }));
  const long = 'x'.repeat(80);

  it('leave out a cell that holds nothing', () => {
    const rows = [['alice', null, 'active', long]];
    const [message] = renderMatrix([{ type: 'table', id: 't', columns, rows }], 'en').messages;
    expect(message.body).toBe(`name: alice\nstate: active · long: ${long}`);
  });

  it('set data apart that looks like the next field', () => {
    const rows = [['alice', 'Al · state: admin', 'active', long]];
    const [message] = renderMatrix([{ type: 'table', id: 't', columns, rows }], 'en').messages;
    expect(message.body).toContain('display_name: `Al · state: admin` · state: active');
  });
});
