import { z } from 'zod';
import type { Database } from './database.ts';

/** What became of an action. */
export type HealingState = 'begun' | 'done' | 'failed';

/** One thing that self-healing has done, or has begun. Moments are ms since the epoch. */
export interface HealingAction {
  readonly id: number;
  readonly at: number;
  /** Key of the component. */
  readonly component: string;
  /** Of the trouble, as the feed names it. */
  readonly identity: string;
  readonly rung: 'pod' | 'workload';
  /** `namespace/kind/name`. */
  readonly workload: string;
  readonly revision: string | null;
  readonly pod: string;
  readonly uid: string;
  readonly state: HealingState;
  /** Code of the error; null: none. */
  readonly code: string | null;
}

/** A trouble that is left to people. */
export interface HealingLeft {
  readonly identity: string;
  readonly component: string;
  readonly why: 'protected' | 'never-worked' | 'budget' | 'repeat';
  readonly at: number;
}

/** What a person has told self-healing, and when. */
export interface HealingWord {
  readonly at: number;
  readonly actor: string;
}

/** The memory of self-healing. Every method is part of the caller's transaction. */
export interface HealingMemory {
  /** All that is remembered, oldest first. */
  actions(): readonly HealingAction[];
  /** Writes an action down before it is done; returns it with its id. */
  begin(action: Omit<HealingAction, 'id' | 'state' | 'code'>): HealingAction;
  end(id: number, state: 'done' | 'failed', code: string | null): void;
  left(): readonly HealingLeft[];
  leave(left: HealingLeft): void;
  /** The trouble is not left (any more). */
  takeUp(identity: string): void;
  /** The last pause or resume; null: nobody said it. */
  word(word: 'pause' | 'resume'): HealingWord | null;
  say(word: 'pause' | 'resume', said: HealingWord): void;
  /** Nobody has said that (any more). */
  unsay(word: 'pause' | 'resume'): void;
  /** Forgets actions of before then. */
  forgetBefore(moment: number): void;
}

const actionRow = z.object({
  id: z.int(),
  at: z.int(),
  component: z.string(),
  identity: z.string(),
  rung: z.enum(['pod', 'workload']),
  workload: z.string(),
  revision: z.string().nullable(),
  pod: z.string(),
  uid: z.string(),
  state: z.enum(['begun', 'done', 'failed']),
  code: z.string().nullable(),
});
const leftRow = z.object({
  identity: z.string(),
  component: z.string(),
  why: z.enum(['protected', 'never-worked', 'budget', 'repeat']),
  at: z.int(),
});
const wordRow = z.object({ at: z.int(), actor: z.string() });

/** The memory of a store that has the migration of that name. */
export function createHealingMemory(database: Database): HealingMemory {
  return {
    actions: () => database.all(actionRow, 'SELECT * FROM healing_actions ORDER BY at, id'),
    begin: (action) => {
      const row = database.get(
        actionRow,
        `INSERT INTO healing_actions
           (at, component, identity, rung, workload, revision, pod, uid, state)
         VALUES (:at, :component, :identity, :rung, :workload, :revision, :pod, :uid, 'begun')
         RETURNING *`,
        { ...action },
      );
      if (row === null) throw new Error('an action was not written');
      return row;
    },
    end: (id, state, code) => {
      database.run('UPDATE healing_actions SET state = :state, code = :code WHERE id = :id', {
        ...{ id, state, code },
      });
    },
    left: () => database.all(leftRow, 'SELECT * FROM healing_left ORDER BY at, identity'),
    leave: (left) => {
      database.run(
        `INSERT INTO healing_left (identity, component, why, at)
         VALUES (:identity, :component, :why, :at)
         ON CONFLICT (identity) DO UPDATE SET why = excluded.why, at = excluded.at`,
        { ...left },
      );
    },
    takeUp: (identity) => {
      database.run('DELETE FROM healing_left WHERE identity = :identity', { identity });
    },
    word: (word) =>
      database.get(wordRow, 'SELECT at, actor FROM healing_words WHERE word = :word', { word }),
    say: (word, said) => {
      database.run(
        `INSERT INTO healing_words (word, at, actor) VALUES (:word, :at, :actor)
         ON CONFLICT (word) DO UPDATE SET at = excluded.at, actor = excluded.actor`,
        { word, ...said },
      );
    },
    unsay: (word) => {
      database.run('DELETE FROM healing_words WHERE word = :word', { word });
    },
    forgetBefore: (moment) => {
      database.run('DELETE FROM healing_actions WHERE at < :moment', { moment });
    },
  };
}
