import { describe, expect, it } from 'vitest';
import { Mask } from '../../../../src/core/mask.ts';
import { cleanJsonInTurns, redactInTurns } from '../../../../src/ops/redaction/in-turns.ts';
import { canaries } from '../logs/canaries.ts';

const mask = new Mask();
const redact = (text: string): string => mask.apply(text);

describe('a long text without secrets', () => {
  it('is the same as in one piece', async () => {
    const line = (nth: number): string => `${nth} ${canaries[nth % canaries.length]?.line} end`;
    const text = Array.from({ length: 4000 }, (_, nth) => line(nth)).join('\n');
    expect(text.length).toBeGreaterThan(3 * 48 * 1024);
    expect(await redactInTurns(text, redact)).toBe(redact(text));
  });

  it('hides what goes on in the next line, wherever the pieces end', async () => {
    const pair = 'password:\n  apple';
    const key = 'EsTc CANA RYxx 1234 1234\n1234 1234 1234 1234 1234 1234 CARY';
    // Nothing but pairs: every end of a piece would cut one.
    for (const secret of [pair, key]) {
      const text = Array.from({ length: 6000 }, () => secret).join('\n');
      expect(await redactInTurns(text, redact)).not.toMatch(/apple|CANA|CARY/);
    }
  });

  it('hides a key of many lines', async () => {
    const body = Array.from({ length: 3000 }, () => 'c2hvcnQ=').join('\n');
    const text = `a\n-----BEGIN PRIVATE KEY-----\n${body.slice(0, 2000)}\n-----END PRIVATE KEY-----\nz`;
    const shown = await redactInTurns(text, redact);
    expect(shown).not.toContain('c2hvcnQ');
    expect(shown.startsWith('a\n')).toBe(true);
    expect(shown.endsWith('\nz')).toBe(true);
  });

  it('lets others do something meanwhile', async () => {
    const text = Array.from({ length: 20_000 }, (_, nth) => `${nth} GET /sync 200`).join('\n');
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await redactInTurns(text, redact);
    await cleanJsonInTurns([{ a: 1 }, { b: 2 }], redact);
    isOver = true;
    expect(turns).toBeGreaterThan(5);
  });
});
