import { describe, expect, it } from 'vitest';
import { Mask } from '../../../../src/core/mask.ts';
import { canaries } from './canaries.ts';

describe('secrets in what is shown of the cluster', () => {
  it('are fifty different ones', () => {
    expect(new Set(canaries.map(({ line }) => line)).size).toBe(50);
  });

  it.each(canaries)('[S6] masks: $line', ({ line, secret }) => {
    expect(new Mask().apply(line)).not.toContain(secret);
    expect(new Mask().apply(`2026-11-22T19:00:00Z INFO (${line}), more`)).not.toContain(secret);
  });
});
