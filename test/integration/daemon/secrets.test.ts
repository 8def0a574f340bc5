import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { login } from '../../lab/synapse/accounts.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
beforeAll(async () => {
  lab = await startLab({ name: 'secrets' });
  bot = await lab.startBot({ settings: { log: { level: 'debug' } } });
  room = await lab.enterAdminRoom();
});
afterAll(() => lab.stop());

const run = (...args: string[]) => urtc([...args, '--config', bot.configFile]);
const shown = z.object({ fields: z.object({ secret: z.string() }) });

/** Has the bot make a secret and fetches it with its code on the server. */
async function fetched(command: string): Promise<string> {
  const answer = await lab.person('alice').ask(room, command);
  expect(answer.outcome).toBe('ok');
  const code = /urtc secret show (\S+)/.exec(answer.body.replaceAll('`', ''))?.[1] ?? 'no code';
  const result = await run('secret', 'show', code, '--json');
  const { secret } = shown.parse(JSON.parse(result.stdout)).fields;
  expect((await run('secret', 'show', code)).code).toBe(64);
  return secret;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

describe('secrets', () => {
  it('[#25] are nowhere but with their one reader: not in the room, logs, audit, store, metrics, argv', async () => {
    const made = [
      await fetched('!user add carla'),
      await fetched('!user password carla'),
      await fetched('!token create --days=1 --uses=1'),
    ];
    const password = made[1] ?? '';
    expect((await login(lab.synapse.baseUrl, 'carla', password)).userId).toContain('carla');

    // One that the home server refused: only the request had it.
    const refusal = { errcode: 'M_UNKNOWN', error: 'not today' };
    const rule = lab.proxy.add({
      match: { path: /\/reset_password\// },
      fault: { action: 'status', status: 400, body: refusal },
    });
    const failed = await lab.person('alice').ask(room, '!user password carla');
    expect(failed.outcome).toBe('failed');
    rule.remove();
    const sent = lab.proxy.log.all().findLast(({ fault }) => fault === 'status');
    made.push(
      z.object({ new_password: z.string() }).parse(JSON.parse(sent?.body ?? '')).new_password,
    );

    const folder = dirname(bot.configFile);
    const secretsFolder = join(folder, 'secrets');
    const config = readdirSync(secretsFolder).map((name) =>
      readFileSync(join(secretsFolder, name), 'utf8').trim(),
    );
    const places: [string, Buffer | string][] = [
      ['the room', JSON.stringify(lab.person('alice').timeline(room).events)],
      ['the room as a client reads it', JSON.stringify(await lab.person('alice').messages(room))],
      ['the metrics', await bot.page('/metrics')],
      ['the audit log', (await run('audit', '--json')).stdout],
      ['the jobs', (await run('jobs', '--all', '--json')).stdout],
      ['the config in force', (await run('config', 'show')).stdout],
      ['argv', readFileSync(`/proc/${bot.pid}/cmdline`)],
      ...filesOf(folder)
        .filter((file) => !file.startsWith(secretsFolder))
        .map((file): [string, Buffer] => [file, readFileSync(file)]),
    ];
    expect(places.length).toBeGreaterThan(10);
    for (const secret of [...made, ...config]) {
      expect(secret.length).toBeGreaterThan(6);
      const found = places.filter(([, text]) => text.includes(secret)).map(([name]) => name);
      expect(found).toEqual([]);
    }
    // The search finds what is there.
    expect(places.filter(([, text]) => text.includes('carla')).length).toBeGreaterThan(4);
  });
});
