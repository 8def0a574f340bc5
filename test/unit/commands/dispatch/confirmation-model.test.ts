import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventId, UserId } from '../../../../src/core/ids.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { anna, otto, stranger, World } from './world.ts';
import { propertyRuns } from '../../property-runs.ts';

const ttlMs = 300_000;

const person = fc.constantFrom<UserId>(anna, anna, anna, otto, stranger);
const input = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('code' as const), by: person }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wrong' as const), by: person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('yes' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('no' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redact' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('elsewhere' as const), by: person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1000, 100_000, 299_000, 400_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('demote', 'promote', 'grow') }) },
);
const restart = fc.record({ do: fc.constant('restart' as const) });
const jump = (...ms: number[]) =>
  fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(...ms) });
// What a clock that was set back hides from a process that was not there, nobody can know: a jump
// back and a restart do not come together here.
const story = fc.oneof(
  fc.array(fc.oneof(input, input, input, restart, jump(1000, 500_000)), { maxLength: 10 }),
  fc.array(fc.oneof(input, input, input, jump(-100_000, -900_000, 500_000)), { maxLength: 10 }),
);
type Action = (
  typeof story extends fc.Arbitrary<infer Actions> ? Actions : never
) extends (infer One)[]
  ? One
  : never;

/** What the rules say, without any of our code. */
class Model {
  open = true;
  /** Whether the one valid answer came. */
  answered = false;
  /** Whether it may run: decided when it was answered. */
  runs = false;
  wrong = 0;
  elapsedMs = 0;
  admin = true;
  grown = false;
  readonly #trusted: boolean;
  readonly #expiresAt: number;

  constructor(trusted: boolean, now: number) {
    this.#trusted = trusted;
    this.#expiresAt = now + ttlMs;
  }

  /** `now`: the wall clock when it happens. A jump that is undone before anybody looks never was. */
  see(action: Action, now: number): void {
    const looks = 'by' in action || action.do === 'restart';
    if (this.elapsedMs >= ttlMs || (looks && now >= this.#expiresAt)) this.open = false;
    if (!this.open || !('by' in action)) return;
    if (action.do === 'redact') this.open = false;
    if (action.by !== anna) return;
    if (action.do === 'no') this.open = false;
    if (action.do === 'wrong') this.wrong += 1;
    if (this.wrong === 5) this.open = false;
    if (action.do === 'code' || (action.do === 'yes' && this.#trusted)) {
      this.open = false;
      this.answered = true;
      this.runs = this.admin && !this.grown;
    }
  }
}

async function act(world: World, action: Action, code: string, prompt: EventId): Promise<void> {
  if (!('by' in action)) return;
  const wrong = code === 'Z2Z2' ? 'Z3Z3' : 'Z2Z2';
  const { by } = action;
  switch (action.do) {
    case 'code':
      await world.says(by, code);
      break;
    case 'wrong':
      await world.does(by, { kind: 'message', body: wrong, replyTo: prompt });
      break;
    case 'yes':
      await world.does(by, { kind: 'reaction', key: '✅', target: prompt });
      break;
    case 'no':
      await world.does(by, { kind: 'reaction', key: '❌', target: prompt });
      break;
    case 'redact':
      await world.does(by, { kind: 'redaction', target: prompt });
      break;
    case 'elsewhere': {
      const message = await world.says(by, 'what is this?');
      await world.does(by, { kind: 'reaction', key: '✅', target: message });
      break;
    }
    default:
      action satisfies never;
  }
}

async function play(folder: string, trusted: boolean, actions: readonly Action[]): Promise<void> {
  let clock = new FakeClock();
  const start = (): World => {
    const world = new World(folder, { clock, trusted });
    // Crashes of the machine are not the matter here, so its disk need not be waited for.
    world.database.script('PRAGMA synchronous = OFF');
    return world;
  };
  let world = start();
  const event = await world.says(anna, '!thing drop x');
  const { code, prompt } = await world.question();
  const model = new Model(trusted, clock.now());
  for (const action of actions) {
    if (action.do === 'wait') {
      await clock.advance(action.ms);
      model.elapsedMs += action.ms;
    } else if (action.do === 'jump') clock.setWall(clock.now() + action.ms);
    else if (action.do === 'demote') model.admin = false;
    else if (action.do === 'promote') model.admin = true;
    else if (action.do === 'grow') model.grown = true;
    else if (action.do === 'restart') {
      await settled();
      world.close();
      clock = new FakeClock(clock.now());
      world = start();
      world.dispatcher.recover();
    }
    world.roles.set(anna, model.admin ? 'admin' : 'operator');
    world.target.size = model.grown ? 2 : 1;
    model.see(action, clock.now());
    await act(world, action, code, prompt);
    await settled();
  }
  await world.idle();
  expect(world.target.effects()).toEqual(model.runs ? ['x/drop'] : []);
  const finals = world.answers().filter((answer) => answer.to === event);
  const last = world.confirmations.open().length === 0 ? 1 : 0;
  expect(finals).toHaveLength(last);
  if (model.answered) {
    expect(finals[0]?.outcome).toBe(model.runs ? 'ok' : 'refused');
  }
  expect(world.ledger.pendingCount()).toBe(0);
  world.close();
}

describe('questions, whatever happens in whatever order (fake clock) [#16]', () => {
  it('lead to one run at most, and only by a valid answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), story, async (trusted, actions) => {
        const folder = mkdtempSync(join(tmpdir(), 'urtc-model-'));
        try {
          await play(folder, trusted, actions);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: propertyRuns(60) },
    );
  }, 120_000);
});
