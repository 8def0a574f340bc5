import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { Mask } from '../../../../src/core/mask.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { Archive } from '../../../../src/ops/bundle/archive.ts';
import type { BundlePart } from '../../../../src/ops/bundle/bundle-part.ts';
import { packBundle } from '../../../../src/ops/bundle/pack.ts';
import { collectGarbage } from '../../../../src/platform/collector.ts';

type Collect = BundlePart['collect'];

const file = (path: string, text = 'x'): { path: string; content: { text: string } } => ({
  ...{ path, content: { text } },
});

function setUp(collects: readonly Collect[], limits: { part?: number; all?: number } = {}) {
  const added = new Map<string, string>();
  const begun: string[] = [];
  const recorded: unknown[] = [];
  const mask = new Mask();
  const parts = collects.map((collect, nth): BundlePart => ({
    ...{ title: `part ${nth}`, what: `${nth}/`, limitMs: limits.part ?? 5000, collect },
  }));
  const surroundings = {
    archive: {
      add: (path: string, content: Uint8Array) => {
        const fits = !path.includes('huge');
        if (fits) added.set(path, Buffer.from(content).toString());
        return Promise.resolve(fits ? path : null);
      },
    },
    redact: (text: string) => mask.apply(text),
    record: (error: unknown) => {
      recorded.push(error);
      return 'e2345678';
    },
    onPart: (title: unknown) => {
      begun.push(String(title));
    },
    limitMs: limits.all ?? 10_000,
  };
  const pack = async (signal = new AbortController().signal) => {
    const { files, absent } = await packBundle(parts, surroundings, signal);
    const missing = absent.map(({ what, why }) => `${what}: ${translate(why, 'en')}`);
    return { files, missing };
  };
  return { pack, added, begun, recorded };
}

/** Waits for ever, whatever its signal says. */
async function* deaf(): AsyncGenerator<never> {
  await new Promise(() => undefined);
}

describe('packing a bundle', () => {
  it('takes secrets out of every file and counts them', async () => {
    const { pack, added } = setUp([
      async function* () {
        yield await Promise.resolve(file('a.txt', 'password=apple and Bearer appletree'));
        yield { path: 'b', content: { json: { token: 'apple', fine: 1 } } };
      },
    ]);
    const { files, missing } = await pack();
    expect(missing).toEqual([]);
    expect(files.map(({ path, masked }) => [path, masked])).toEqual([
      ['a.txt', 2],
      ['b.json', 1],
    ]);
    expect([...added.values()].join()).not.toContain('apple');
  });

  it('goes on after a part that fails, and says what it lacks: known, unknown, too large', async () => {
    const { pack, recorded, begun } = setUp([
      async function* () {
        yield await Promise.resolve(file('first'));
        throw new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'no' });
      },
      async function* () {
        yield await Promise.resolve({ what: 'logs/x', why: 'because' });
        throw new TypeError('a defect');
      },
      async function* () {
        yield await Promise.resolve(file('huge'));
        yield file('last');
      },
    ]);
    const { files, missing } = await pack();
    expect(files.map(({ path }) => path)).toEqual(['first', 'last']);
    expect(missing).toEqual([
      "0/: The cluster can't be reached at https://k: no.",
      'logs/x: because',
      '1/: It failed; `!error e2345678` shows how.',
      'huge: The bundle would have become too large (2 B unpacked).',
    ]);
    expect(recorded).toEqual([new TypeError('a defect')]);
    expect(begun).toEqual(['part 0', 'part 1', 'part 2']);
  });

  it('does not wait for a part that hangs, and has an end in all', async () => {
    const { pack } = setUp(
      [
        deaf,
        async function* () {
          yield await Promise.resolve(file('after'));
        },
        deaf,
        deaf,
      ],
      { part: 300, all: 1000 },
    );
    const { files, missing } = await pack();
    expect(files.map(({ path }) => path)).toEqual(['after']);
    expect(missing).toHaveLength(3);
    expect(missing[0]).toBe('0/: It took longer than 300 ms.');
  });

  it('ends at once when it is told to stop, and when the bundle can not be written', async () => {
    const stop = new AbortController();
    const running = setUp([deaf]).pack(stop.signal);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    const unwritable = setUp([
      async function* () {
        yield await Promise.resolve(file('x'));
        throw new AppError('E_BUNDLE_UNWRITABLE', { path: '/', reason: 'full' });
      },
    ]);
    await expect(unwritable.pack()).rejects.toMatchObject({ code: 'E_BUNDLE_UNWRITABLE' });
  });

  it('gives back what it has packed while it goes on: 40 MB of logs take less than 60', async () => {
    const weigh = (): number => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    collectGarbage('major');
    const before = weigh();
    let most = 0;
    const log = 'GET /_matrix/client/v3/sync 200 0.123sec from 10.42.0.1';
    const archive = new Archive({
      sink: { write: () => Promise.resolve() },
      ...{ root: 'b', at: 0, mostBytes: 32 * 1024 * 1024 },
    });
    const part: BundlePart = {
      ...{ title: 'logs', what: 'logs/', limitMs: 60_000 },
      collect: async function* () {
        for (let nth = 0; nth < 40; nth += 1) {
          const lines = Array.from({ length: 16_000 }, (_, at) => `${nth} ${at} ${log}`);
          yield await Promise.resolve(file(`${nth}.log`, lines.join('\n')));
          most = Math.max(most, weigh() - before);
        }
      },
    };
    const { files } = await packBundle(
      [part],
      {
        archive,
        ...{ redact: (text: string) => text, record: () => '', onPart: () => undefined },
        limitMs: 60_000,
      },
      new AbortController().signal,
    );
    expect(files).toHaveLength(40);
    expect(most / 1e6).toBeLessThan(60);
  });
});
