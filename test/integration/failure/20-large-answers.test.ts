import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BotProcess } from '../../lab/bot-process.ts';
import { PlainClient } from '../../lab/client.ts';
import { bodyOf, htmlOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { roomKind } from '../../lab/room-kind.ts';
import { insertNamed } from '../product/display-names.ts';
import { eventFaults, largest } from '../product/said.ts';

/** Four bytes each in UTF-8; a family of several code points among them. */
const emoji = ['🦊', '🧵', '🪐', '👩‍👩‍👧‍👦', '🏴‍☠️'] as const;
const count = 500;
/** 100 to 110 emoji, another mix for every account, so that none stands for another. */
const nameOf = (nth: number): string =>
  `${nth} ${Array.from({ length: 100 }, (_, i) => emoji[(nth + i * nth) % 3] ?? '').join('')}${emoji[3]}`;

let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
const accounts = new Map(
  Array.from({ length: count }, (_, i) => [`person-${String(i).padStart(4, '0')}`, nameOf(i)]),
);
/** Places in the config that are long and harmless: rooms that nobody has. */
const rooms = Array.from({ length: 540 }, (_, i) => `!room-number-${i}:lab.test`);

beforeAll(async () => {
  lab = await startLab({ name: 'large' });
  insertNamed(lab, accounts);
  bot = await lab.startBot({ settings: { confirmation: { trustReactionsIn: rooms } } });
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
  onServer = new PlainClient(lab.synapse.baseUrl, alice.account);
});
afterAll(() => lab.stop());

/** What the home server has: of what is encrypted the ciphertext. */
let onServer: PlainClient;
const isFile = (event: LabEvent): boolean => event.content['msgtype'] === 'm.file';
const bytesOf = (event: LabEvent): number => Buffer.byteLength(JSON.stringify(event));

describe(`[#20] in the room of this run (${roomKind()})`, () => {
  it('[#20] 200 kB of report become a file that has all of it, beside one short message', async () => {
    const answer = await alice.ask(room, `!user list person --limit=${count}`, {
      timeoutMs: 60_000,
    });
    expect(answer.outcome).toBe('ok');
    const file = answer.parts.find(isFile);
    if (file === undefined) throw new Error('there is no file');
    expect(answer.parts).toHaveLength(2);
    expect(answer.event.event_id).toBe(file.event_id);
    const { info } = file.content;
    const content = await alice.fileOf(file);
    const text = Buffer.from(content).toString('utf8');
    expect(content.byteLength).toBeGreaterThan(200_000);
    expect(info).toMatchObject({ size: content.byteLength });
    expect(text).not.toContain('\uFFFD');
    const missing = [...accounts].filter(
      ([name, shown]) => !text.includes(name) || !text.includes(shown),
    );
    expect(missing).toEqual([]);
    expect(bodyOf(answer.parts[0] ?? file)).toContain('answer.txt');
    process.stdout.write(
      `${content.byteLength} bytes in a file, ${answer.parts.map(bytesOf).join(' and ')} in the messages\n`,
    );
  });

  it('[#20] less than that is split between lines; together the parts have all of it', async () => {
    const answer = await alice.ask(room, '!user list person --limit=120', { timeoutMs: 60_000 });
    expect(answer.parts.length).toBeGreaterThan(1);
    expect(answer.parts.filter(isFile)).toEqual([]);
    for (const [i, part] of answer.parts.entries()) {
      expect(bodyOf(part)).toContain(`(${i + 1}/${answer.parts.length})`);
    }
    const [plain, html] = [answer.body, answer.parts.map(htmlOf).join('')];
    for (const [name, shown] of [...accounts].slice(0, 120)) {
      expect([plain.includes(name), plain.includes(shown), html.includes(shown)], name).toEqual([
        true,
        true,
        true,
      ]);
    }
  });

  it('[#20] a preformatted text that is split is closed and opened again in every part', async () => {
    const answer = await alice.ask(room, '!config show', { timeoutMs: 60_000 });
    expect(answer.parts.length).toBeGreaterThan(1);
    for (const part of answer.parts) {
      expect(htmlOf(part).match(/<pre><code>/g)).toHaveLength(1);
      expect(htmlOf(part).match(/<\/code><\/pre>/g)).toHaveLength(1);
    }
    expect(rooms.filter((id) => !answer.body.includes(`"${id}"`))).toEqual([]);
  });

  it('[#20] a longer one is a file, the same as what the terminal prints', async () => {
    const text = readFileSync(bot.configFile, 'utf8');
    const more = Array.from({ length: 4000 }, (_, i) => `"!another-room-${i}:lab.test"`);
    writeFileSync(bot.configFile, text.replace(`"${rooms[0] ?? ''}"`, more.join(',')));
    expect((await alice.ask(room, '!config reload')).outcome).toBe('ok');
    const answer = await alice.ask(room, '!config show', { timeoutMs: 60_000 });
    expect(isFile(answer.event)).toBe(true);
    const content = Buffer.from(await alice.fileOf(answer.event)).toString('utf8');
    const shown = await urtc(['config', 'show', '--config', bot.configFile]);
    expect(content).toContain('another-room-3999');
    expect(content.trim()).toBe(shown.stdout.trim());
  });

  it('[#20] no event of all that was said is over 64 KiB, and all of it is proper Matrix', async () => {
    const said = (await alice.messages(room)).filter(
      (event) => event.sender === lab.botAccount.userId,
    );
    expect(said.length).toBeGreaterThan(8);
    expect(said.flatMap(eventFaults)).toEqual([]);
    const sizes = (await onServer.messages(room)).map(bytesOf);
    expect(Math.max(...sizes)).toBeLessThan(largest);
    // The budget is used, and the base64 around it is not forgotten.
    expect(Math.max(...sizes)).toBeGreaterThan(lab.isEncrypted ? 52_000 : 39_000);
    process.stdout.write(`the largest event: ${Math.max(...sizes)} of ${largest} bytes\n`);
    expect(await bot.status('/livez')).toBe(200);
  });
});
