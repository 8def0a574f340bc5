import { describe, expect, it } from 'vitest';
import { components } from '../../../../src/ops/stack/components.ts';
import {
  findComponentKind,
  knownComponent,
  nearestComponent,
} from '../../../../src/ops/stack/find-component.ts';
import { compareVersions, whySingle } from '../../../../src/ops/stack/may-scale.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { say } from '../../../../src/core/text.ts';
import { template } from '../../../../src/core/words/catalogue.ts';

function caught(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const find = (typed: string) => knownComponent(typed, 'ess')?.key ?? null;

describe('the table of components', () => {
  it('gives every word to one component only', () => {
    const words = components.flatMap(({ key, aliases }) => [key, ...aliases]);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    const names = components.flatMap(({ names: all }) => all);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is in the order of the start, what others need first', () => {
    const order = components.map(({ startOrder }) => startOrder);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(components[0]?.key).toBe('postgres');
  });

  it('lets exactly the parts scale that the chart and Synapse allow (H1)', () => {
    const single = components.filter((kind) => whySingle(kind, '26.8.2') !== null);
    expect(single.map(({ key }) => key).sort()).toEqual(
      [
        ...['synapse', 'postgres', 'redis', 'sfu', 'hookshot'],
        ...['account-data', 'appservice', 'background', 'encryption', 'media-repository'],
        ...['presence-writer', 'push-rules', 'sso-login', 'typing-persister', 'user-dir'],
      ].sort(),
    );
    expect(components.filter(({ isWorker }) => isWorker)).toHaveLength(23);
    for (const kind of single) {
      const why = whySingle(kind, '26.8.2');
      for (const language of ['en', 'zh'] as const) {
        expect(template(why ?? '', language, undefined)).not.toBe(why);
      }
    }
  });

  it('keeps the authoriser single from chart 26.9.0 on, and where the version is unknown', () => {
    const kind = findComponentKind('rtc-auth', 'ess');
    expect(whySingle(kind, '26.8.2-dev')).toBeNull();
    expect(whySingle(kind, '26.9.0')).toBe('component.single.rtc-auth');
    expect(whySingle(kind, '26.11.2')).toBe('component.single.rtc-auth');
    expect(whySingle(kind, null)).toBe('component.single.rtc-auth');
    expect(compareVersions('26.10.0', '26.9.1')).toBeGreaterThan(0);
    expect(compareVersions('26.8.2-dev', 'v26.8.2')).toBe(0);
  });
});

describe('a component by what a person types', () => {
  it.each([
    ['synapse', 'synapse'],
    ['Synapse Main', 'synapse'],
    ['ess-synapse-main', 'synapse'],
    ['ess-synapse-fed-sender', 'federation-sender'],
    ['federation_sender', 'federation-sender'],
    ['livekit', 'sfu'],
    ['DB', 'postgres'],
    ['valkey', 'redis'],
    ['MatrixRTC SFU (LiveKit)', 'sfu'],
    ['MatrixRTC authorisation service', 'rtc-auth'],
    ['Redis/Valkey', 'redis'],
    ['ess-haproxy-5d9c7b8f6-x2x4z', 'haproxy'],
    ['ess-synapse-main-0', 'synapse'],
    ['ess-synapse-fed-sender-12', 'federation-sender'],
    ['ess-matrix-rtc-authorisation-service-5d9c7b8f6-x2x4z', 'rtc-auth'],
    ['haproxy-5d9c7b8f6-x2x4z', null],
    ['ess-haproxy-5d9c7b8f6', null],
    ['ess-', null],
    ['', null],
    ['nginx', null],
  ])('%s is %s', (typed, key) => {
    expect(find(typed)).toBe(key);
  });

  it('is each by its title, as `status` shows it', () => {
    expect(components.map(({ title }) => find(title))).toEqual(components.map(({ key }) => key));
  });

  it('with the name of another release in front only where that is ours', () => {
    expect(knownComponent('chat-postgres', 'chat')?.key).toBe('postgres');
    expect(knownComponent('chat-postgres', 'ess')).toBeNull();
  });

  it.each([
    ['synapze', 'synapse'],
    ['postgers', 'postgres'],
    ['fed-sendr', 'federation-sender'],
    ['haprox', 'haproxy'],
    ['xylophone', null],
    ['a', null],
    ['all', null],
    ['s'.repeat(5000), null],
  ])('%s is near %s', (typed, key) => {
    expect(nearestComponent(typed, 'ess')).toBe(key);
  });

  it('says what there is where nothing fits', () => {
    const params = caught(() => findComponentKind('synapze', 'ess')).params;
    expect(params['suggestion']).toEqual(say('component.nearest', { nearest: 'synapse' }));
    expect(params['components']).toContain('postgres, redis, synapse, mas');
    expect(params['workers']).toEqual(say('component.workers'));
  });

  it('says which workers there are', () => {
    const installed = components.filter(({ key }) =>
      ['synapse', 'pusher', 'receipts'].includes(key),
    );
    const kinds = installed.map((kind) => ({ kind }));
    const { params } = caught(() => findComponentKind('all', 'ess', kinds));
    expect(params['workers']).toEqual(
      say('component.workers.installed', { names: 'pusher, receipts' }),
    );
  });
});
