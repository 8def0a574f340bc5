import { randomBytes, randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { Mask } from '../../../../src/core/mask.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createRedaction } from '../../../../src/ops/redaction/redaction.ts';
import { maskGenerated } from '../../../../src/ops/redaction/generated-values.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { FakeClock } from '../../commands/dispatch/fake-clock.ts';

function setUp() {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ now: () => clock.now() });
  cluster.secrets.set('ess-generated', new Map([['X', new Secret('plain words 77')]]));
  return {
    clock,
    cluster,
    redaction: createRedaction({ mask: new Mask(), kubernetes: cluster, clock }),
  };
}

const forbidden = new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'get', resource: 'secrets' });
const away = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'x', reason: 'y' });

describe('what is known of the release’s Secrets (fake cluster)', () => {
  it('stays known while nobody answers, and is read again soon (fake clock)', async () => {
    const { clock, cluster, redaction } = setUp();
    await redaction.prepare();
    expect(redaction.apply('plain words 77')).toBe('[masked]');
    cluster.failures.set('secret', away);
    await clock.advance(11 * 60_000);
    await redaction.prepare();
    expect(redaction.apply('plain words 77')).toBe('[masked]');

    cluster.failures.clear();
    cluster.secrets.set('ess-generated', new Map([['X', new Secret('other words 88')]]));
    await clock.advance(11_000);
    await redaction.prepare();
    expect(redaction.apply('plain words 77, other words 88')).toBe('plain words 77, [masked]');
  });

  it('is asked for once in ten minutes, also where it may not be read (fake clock)', async () => {
    const { clock, cluster, redaction } = setUp();
    cluster.failures.set('secret', forbidden);
    for (const minutes of [0, 5, 4.9]) {
      await clock.advance(minutes * 60_000);
      await redaction.prepare();
    }
    expect(cluster.calls).toHaveLength(7);
    // Shapes are all that is known then.
    expect(redaction.apply('plain words 77, K7vQ2mXz9LpR4tYw8NcB1sHd6FgJ3eAu')).toBe(
      'plain words 77, [masked]',
    );
  });
});

describe('what the chart makes up', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const rand32 = (): string =>
    Array.from({ length: 32 }, () => letters.charAt(randomInt(letters.length))).join('');

  it('[S6] is masked by its shape: 32 letters and digits in 999 of 1000, 32 bytes in hex always', () => {
    const missed = (values: readonly string[]): number =>
      values.filter((value) => maskGenerated(`connecting as x with "${value}".`).includes(value))
        .length;
    expect(missed(Array.from({ length: 20_000 }, rand32))).toBeLessThan(20);
    const hex = Array.from({ length: 100 }, () => randomBytes(32).toString('hex'));
    expect(missed(hex)).toBe(0);
  });

  it.each([
    'image docker.io/library/haproxy@sha256:0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0bad',
    'containerd://0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0bad',
    'trace_id 0af7651916cd43dd8448eb211c80319c',
    'event $Hf3nYq0r9aVb7LZk2Xw8TgPs1Jd6MuCe4Oi5RyNhQlE in !aBcDeFgHiJkLmNoPqR:example.org',
    'user 01JD8F2V9PQ3W4X5Y6Z7A8B9C0 of 6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    'class AbstractSingletonProxyFactoryBean1',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ])('leaves what is none: %s', (text) => {
    expect(maskGenerated(text)).toBe(text);
  });
});
