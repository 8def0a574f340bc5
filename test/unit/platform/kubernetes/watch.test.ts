import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/platform/clock.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { ApiClient } from '../../../../src/platform/kubernetes/http/api-client.ts';
import { kinds } from '../../../../src/platform/kubernetes/kinds/index.ts';
import { parseNamespace } from '../../../../src/platform/kubernetes/namespace.ts';
import type { Service } from '../../../../src/platform/kubernetes/objects.ts';
import type { WatchState } from '../../../../src/platform/kubernetes/port.ts';
import type { Difference } from '../../../../src/platform/kubernetes/watch/kind-store.ts';
import { KindWatch } from '../../../../src/platform/kubernetes/watch/kind-watch.ts';
import { Waking } from '../../../../src/platform/kubernetes/watch/waking.ts';
import {
  eventually,
  json,
  silentLog,
  smallApiServer,
  type Answer,
  type SmallApiServer,
} from './api-server.ts';

const service = (name: string, version: string, uid = `uid-${name}`) => ({
  metadata: { name, namespace: 'ess', uid, resourceVersion: version },
  spec: { ports: [{ port: 80 }] },
});

const listOf = (version: string, items: readonly unknown[], next = '') => ({
  metadata: { resourceVersion: version, continue: next },
  items,
});

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

const gone = {
  kind: 'Status',
  status: 'Failure',
  code: 410,
  reason: 'Expired',
  message: 'too old',
};

interface Followed {
  readonly watch: KindWatch<Service>;
  readonly states: WatchState[];
  readonly differences: string[];
  readonly pauses: number[];
  readonly names: () => string[];
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** `pauses`: how long it wanted to wait; it waits a hundredth of that. */
function follow(server: SmallApiServer, silenceMs = 60_000): Followed {
  const stop = new AbortController();
  const pauses: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => {
      pauses.push(ms);
      return systemClock.sleep(ms / 100, signal);
    },
  };
  const states: WatchState[] = [];
  const differences: string[] = [];
  const watch = new KindWatch<Service>(
    {
      ...{ client: new ApiClient({ access: server.access }), clock, log: silentLog, silenceMs },
      ...{ waking: new Waking(clock), random: () => 1 },
    },
    {
      spec: kinds.Service,
      namespace: parseNamespace('ess'),
      onDifference: ({ type, object }: Difference<Service>) =>
        differences.push(`${type} ${object.name}`),
      onState: (state) => states.push(state),
    },
  );
  const running = watch.run(stop.signal);
  ends.push(async () => {
    stop.abort();
    await running;
    await server[Symbol.asyncDispose]();
  });
  return { watch, states, differences, pauses, names: () => watch.store.list().map((s) => s.name) };
}

/** Lists and watches in turn, as written by the test. */
function script(lists: readonly unknown[], onWatch: (open: ServerResponse, from: string) => void) {
  const seen = { lists: 0, watches: 0 };
  const answer: Answer = (_request, response, url) => {
    if (url.searchParams.get('watch') === 'true') {
      seen.watches += 1;
      response.writeHead(200).flushHeaders();
      onWatch(response, url.searchParams.get('resourceVersion') ?? '');
    } else {
      const body = lists[Math.min(seen.lists, lists.length - 1)];
      seen.lists += 1;
      json(response, body);
    }
  };
  return { answer, seen };
}

describe('a watch (fake API server; fake clock: pauses a hundred times shorter)', () => {
  it('lists page by page, then follows from the version of the list', async () => {
    const froms: string[] = [];
    const open: ServerResponse[] = [];
    const { answer } = script(
      [listOf('7', [service('a', '1')], 'more'), listOf('7', [service('b', '2')])],
      (response, from) => {
        froms.push(from);
        open.push(response);
      },
    );
    const { watch, differences, names } = follow(await smallApiServer(answer));
    await eventually('connected', () => watch.state.is === 'connected');
    expect(names()).toEqual(['a', 'b']);
    expect(differences).toEqual([]);
    expect(froms).toEqual(['7']);

    open[0]?.write(line('ADDED', service('c', '8')) + line('MODIFIED', service('a', '9')));
    open[0]?.write(line('DELETED', service('b', '10')).slice(0, 20));
    await eventually('two of them', () => differences.length === 2);
    open[0]?.write(line('DELETED', service('b', '10')).slice(20));
    await eventually('the third', () => differences.length === 3);
    expect(differences).toEqual(['added c', 'changed a', 'removed b']);
    expect(names()).toEqual(['a', 'c']);
  });

  it('goes on from the newest bookmark when the API server ends it, and lists no second time', async () => {
    const froms: string[] = [];
    const { answer, seen } = script([listOf('7', [service('a', '1')])], (response, from) => {
      froms.push(from);
      if (froms.length === 1) {
        response.end(line('BOOKMARK', { metadata: { resourceVersion: '55' } }));
      }
    });
    follow(await smallApiServer(answer));
    await eventually('a second watch', () => froms.length === 2);
    expect(froms).toEqual(['7', '55']);
    expect(seen.lists).toBe(1);
  });

  it.each(['as a first answer', 'in the middle'])(
    'lists again on 410 %s, and tells only what really changed',
    async (when) => {
      const froms: string[] = [];
      let server: SmallApiServer | null = null;
      const lists = [
        listOf('7', [service('a', '1'), service('b', '2'), service('c', '3')]),
        listOf('90', [service('a', '1'), service('b', '80'), service('c', '85', 'uid-new')]),
      ];
      let listed = 0;
      server = await smallApiServer((_request, response, url) => {
        if (url.searchParams.get('watch') !== 'true') {
          json(response, lists[Math.min(listed++, 1)]);
          return;
        }
        froms.push(url.searchParams.get('resourceVersion') ?? '');
        if (froms.length > 1) response.writeHead(200).flushHeaders();
        else if (when === 'in the middle') response.end(line('ERROR', gone));
        else json(response, gone, 410);
      });
      const { watch, differences } = follow(server);
      await eventually('the second watch', () => froms.length === 2);
      await eventually('connected', () => watch.state.is === 'connected');
      expect(froms).toEqual(['7', '90']);
      expect(differences).toEqual(['changed b', 'removed c', 'added c']);
    },
  );

  it('keeps what it knows while the API server is away, with its age, and comes back by itself', async () => {
    const { answer } = script([listOf('7', [service('a', '1')])], () => undefined);
    const server = await smallApiServer(answer);
    const { watch, states, pauses, names } = follow(server);
    await eventually('connected', () => watch.state.is === 'connected');
    const { asOf } = watch;
    await server.stop();
    await eventually('a few attempts', () => pauses.length >= 8);
    expect(watch.state).toMatchObject({
      is: 'disconnected',
      problem: { code: 'E_KUBERNETES_UNREACHABLE' },
    });
    expect(names()).toEqual(['a']);
    expect(watch.asOf).toBe(asOf);
    // Twice as long each time, two seconds at most: soon enough to be right 5 s after a restart.
    expect(pauses.slice(0, 8)).toEqual([200, 400, 800, 1600, 2000, 2000, 2000, 2000]);

    const again = await smallApiServer(answer, server.port);
    ends.push(() => again[Symbol.asyncDispose]());
    await eventually('connected again', () => watch.state.is === 'connected');
    expect(states.map(({ is }) => is).filter((is, i, all) => is !== all[i - 1])).toEqual([
      'connected',
      'disconnected',
      'connected',
    ]);
  });

  it('says that it is forbidden, asks again later and rarely, and is well once it may', async () => {
    let mayRead = false;
    let asked = 0;
    const { answer } = script([listOf('7', [service('a', '1')])], () => undefined);
    const message =
      'services is forbidden: User "system:serviceaccount:ess:urtc" cannot list resource "services" in API group "" in the namespace "ess"';
    const server = await smallApiServer((request, response, url) => {
      asked += 1;
      if (mayRead) answer(request, response, url);
      else json(response, { kind: 'Status', status: 'Failure', message, code: 403 }, 403);
    });
    const { watch, pauses } = follow(server);
    await eventually('forbidden', () => asked >= 4);
    expect(watch.state).toMatchObject({
      is: 'forbidden',
      problem: {
        code: 'E_KUBERNETES_FORBIDDEN',
        params: { identity: 'system:serviceaccount:ess:urtc', verb: 'list', resource: 'services' },
      },
    });
    expect(pauses.slice(0, 3)).toEqual([1000, 2000, 4000]);
    mayRead = true;
    await eventually('connected', () => watch.state.is === 'connected');
  });

  it('believes a refusal of an API server that has just started only when it is repeated', async () => {
    let refusals = 0;
    const { answer } = script([listOf('7', [service('a', '1')])], (response) => {
      if (refusals < 2) response.end(line('ERROR', gone));
    });
    const server = await smallApiServer((request, response, url) => {
      const isSecondList = url.searchParams.get('watch') !== 'true' && states.length > 0;
      if (isSecondList && refusals < 2) {
        refusals += 1;
        json(response, { kind: 'Status', message: '', code: 403 }, 403);
      } else answer(request, response, url);
    });
    const { watch, states, names } = follow(server);
    await eventually('connected again', () => refusals === 2 && watch.state.is === 'connected');
    expect(states.map(({ is }) => is)).not.toContain('forbidden');
    expect(names()).toEqual(['a']);
  });

  it('is absent where the cluster has no such kind', async () => {
    const server = await smallApiServer((_request, response) => {
      response.writeHead(404).end('404 page not found');
    });
    const { watch } = follow(server);
    await eventually('absent', () => watch.state.is === 'absent');
  });

  it('opens again a watch that says nothing for too long', async () => {
    const froms: string[] = [];
    const { answer } = script([listOf('7', [])], (_response, from) => froms.push(from));
    const { states } = follow(await smallApiServer(answer), 50);
    await eventually('another watch', () => froms.length >= 2);
    expect(states).toContainEqual(expect.objectContaining({ is: 'disconnected' }));
  });

  it('leaves out an object that it can not read, and keeps the others', async () => {
    const strange = { metadata: { name: 'strange' } };
    const { answer } = script([listOf('7', [strange, service('a', '1')])], () => undefined);
    const { watch, names } = follow(await smallApiServer(answer));
    await eventually('connected', () => watch.state.is === 'connected');
    expect(names()).toEqual(['a']);
  });
});
