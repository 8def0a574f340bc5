import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Mask } from '../../../../src/core/mask.ts';
import type { Json } from '../../../../src/core/json.ts';
import { cleanJson } from '../../../../src/ops/redaction/clean-json.ts';
import { canaries } from '../logs/canaries.ts';

const mask = new Mask();
const clean = (value: Json): Json => cleanJson(value, (text) => mask.apply(text));

describe('JSON without secrets', () => {
  it.each(canaries)(
    '[S6] masks in a text, in a key, deep in it and twice quoted: $line',
    (canary) => {
      const { line, secret } = canary;
      const value = { a: [{ b: line }], [line]: 1, twice: JSON.stringify({ message: line }) };
      const shown = JSON.stringify(clean(value));
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(z.json().safeParse(JSON.parse(shown)).success).toBe(true);
    },
  );

  it('masks a value by its own name, by the name beside it and by the flag before it', () => {
    const value = {
      registration_shared_secret: 'apple1',
      password: 77,
      items: [
        { name: 'POSTGRES_PASSWORD', value: 'apple2' },
        { key: 'api-token', value: 'apple3' },
      ],
      args: ['serve', '--password', 'apple4', '--verbose', 'pear'],
    };
    const shown = JSON.stringify(clean(value));
    expect(shown).not.toMatch(/apple|77/);
    expect(shown).toContain('pear');
  });

  it('leaves alone what is none: switches, references to Secrets, empty texts', () => {
    const value = {
      automountServiceAccountToken: false,
      token: '',
      secret: { secretName: 'ess-generated', optional: true },
      valueFrom: { secretKeyRef: { name: 'ess-generated', key: 'POSTGRES_PASSWORD' } },
    };
    expect(clean(value)).toEqual(value);
  });

  it('hides a key that is spread over the texts of a list', () => {
    const lines = ['-----BEGIN PRIVATE KEY-----', 'c2hvcnQ=', '-----END PRIVATE KEY-----', 'end'];
    const shown = JSON.stringify(clean(lines));
    expect(shown).not.toContain('c2hvcnQ');
    expect(shown).toContain('end');
  });

  it('has an end in what has none', () => {
    let deep: Json = 'password=apple';
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    expect(JSON.stringify(clean(deep))).not.toContain('apple');
  });
});
