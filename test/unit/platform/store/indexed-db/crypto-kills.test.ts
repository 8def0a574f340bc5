import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { soakCount } from '../../../../lab/count.ts';
import { startChild } from '../child-process.ts';
import { tempFolder } from '../temp-folder.ts';

describe('the crypto store under kill -9', () => {
  const kills = soakCount(200, 'kills of an encrypting process');

  it(
    'soak: keeps its identity and never uses a turn of a ratchet twice',
    async () => {
      const file = join(tempFolder(), 'device.sqlite');
      const identities = new Set<string>();
      const sent = new Map<string, number>();
      let messages = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const child = startChild('encrypt-messages', [file]);
        // A moment that nothing chooses: in every fourth run also while the store is opened or made.
        if (kill % 4 !== 3) {
          await child.line('sent');
          // On a slow machine the pause alone may be over before the next message.
          const said = () => child.lines.filter((line) => line.startsWith('sent ')).length;
          await vi.waitUntil(() => said() > kill % 4, { timeout: 30_000, interval: 5 });
        }
        await pause(Math.random() * (kill % 4 === 3 ? 500 : 60));
        await child.kill();
        // The last line may be cut off; whoever printed it had used the index up before.
        for (const line of child.lines) {
          const [what, ...values] = line.split(' ');
          if (what === 'identity') identities.add(values.join(' '));
          const [session, index] = values;
          if (what !== 'sent' || session === undefined || index === undefined) continue;
          expect(Number(index), `kill ${kill}, ${line}`).toBeGreaterThan(sent.get(session) ?? -1);
          sent.set(session, Number(index));
          messages += 1;
        }
        expect([...identities].length).toBeLessThanOrEqual(1);
      }
      expect(identities.size).toBe(1);
      expect(messages).toBeGreaterThan(kills);
      process.stdout.write(`${messages} messages in ${sent.size} sessions, ${kills} kills\n`);
    },
    kills * 10_000,
  );
});
