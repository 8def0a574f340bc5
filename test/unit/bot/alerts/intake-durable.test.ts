import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GroupCommit } from '../../../../src/bot/alerts/group-commit.ts';
import { Deferred } from '../../../../src/commands/jobs/deferred.ts';
import { readNotification } from '../../../../src/ops/alerts/notification.ts';
import { AlertPosts } from '../../../../src/platform/store/alert-posts.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { openIntake } from './intake-fixture.ts';
import { posted } from './payloads.ts';

/** An intake on a real file. `press`: in the place of the disk that is waited for; `most`: so many can wait. */
function intakeWithStore(press: (() => Promise<void>) | null = null, most?: number) {
  const folder = tempFolder();
  const database = stateIn(folder);
  onTestFinished(() => database.close());
  const posts = new AlertPosts(database, most);
  const commit = new GroupCommit({
    write: (parts) => posts.add(parts, 1000),
    press: press ?? (() => database.pressed()),
  });
  return { ...openIntake((part) => commit.add(part)), folder, database, posts };
}

/** Takes, or refuses, what it is given when it is told to. */
class HeldDisk {
  #asked = new Deferred<void>();
  #answer = new Deferred<void>();

  /** Resolves when something waits for the disk. */
  get pressing(): Promise<void> {
    return this.#asked.promise;
  }

  press(): Promise<void> {
    this.#asked.resolve(undefined);
    return this.#answer.promise;
  }

  take(): void {
    this.#next().resolve(undefined);
  }

  fail(reason: Error): void {
    this.#next().reject(reason);
  }

  #next(): Deferred<void> {
    const answer = this.#answer;
    this.#asked = new Deferred<void>();
    this.#answer = new Deferred<void>();
    return answer;
  }
}

const atOnce = (): Promise<void> => Promise.resolve();

describe('[#16] what can not be made durable is 503 and not 200 or 500, and is taken when it can be', () => {
  it('the file is locked', async () => {
    const { post, folder, database, posts, counts } = intakeWithStore();
    database.script('PRAGMA busy_timeout = 50');
    const other = new DatabaseSync(join(folder, 'state.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    expect(await post(posted())).toBe(503);
    expect(counts).toMatchObject({ accepted: 0, deferred: 1 });
    other.exec('ROLLBACK');
    other.close();
    expect(posts.depth(1000).waiting).toBe(0);
    expect(await post(posted())).toBe(200);
    expect(posts.depth(1000).waiting).toBe(1);
  });

  it('the disk is full (SQLite is told so: PRAGMA max_page_count)', async () => {
    const { post, database, posts, counts } = intakeWithStore();
    database.script('PRAGMA max_page_count = 1');
    const long = posted({ receiver: 'x'.repeat(4000) });
    const statuses = new Set<number>();
    for (let nth = 0; nth < 20; nth += 1) statuses.add(await post(long));
    const { waiting } = posts.depth(1000);
    // What fits into the pages that are there is taken.
    expect(statuses).toContain(503);
    expect(counts.accepted).toBe(waiting);
    expect(counts.deferred).toBe(20 - waiting);
    database.script('PRAGMA max_page_count = 100000');
    expect(await post(long)).toBe(200);
    expect(posts.depth(1000).waiting).toBe(waiting + 1);
  });

  it('the disk has not got it yet, or says that it can not take it (fake disk)', async () => {
    const disk = new HeldDisk();
    const { post, posts, counts } = intakeWithStore(() => disk.press());
    const first = post(posted());
    await disk.pressing;
    // It is in the store, and no sender has heard so.
    expect(posts.depth(1000).waiting).toBe(1);
    expect(counts).toMatchObject({ accepted: 0, deferred: 0 });
    disk.fail(new Error('EIO: i/o error, fdatasync'));
    expect(await first).toBe(503);
    const second = post(posted());
    await disk.pressing;
    disk.take();
    expect(await second).toBe(200);
    expect(counts).toMatchObject({ accepted: 1, deferred: 1 });
  });

  it('too much waits: what was taken stays, in its order, and new ones are taken when there is room', async () => {
    const { post, posts, counts } = intakeWithStore(null, 3);
    const of = (receiver: string) => posted({ receiver });
    for (const receiver of ['one', 'two', 'three']) expect(await post(of(receiver))).toBe(200);
    expect(await post(of('four'))).toBe(503);
    expect(counts).toMatchObject({ accepted: 3, deferred: 1 });
    const waiting = () => posts.first(10, 1e6).map(({ body }) => readNotification(body).receiver);
    expect(waiting()).toEqual(['one', 'two', 'three']);
    posts.removeUpTo(posts.first(1, 1e6)[0]?.sequence ?? 0);
    // One of a few hundred alerts comes in several parts: there is no room for all of them.
    const alerts = Array.from({ length: 150 }, () => posted().alerts[0]);
    expect(await post(posted({ receiver: 'long', alerts }))).toBe(503);
    expect(await post(of('four'))).toBe(200);
    expect(waiting()).toEqual(['two', 'three', 'four']);
  });

  it('one part of a long post: 503 for all of it', async () => {
    let parts = 0;
    const { post, counts } = openIntake(() => {
      parts += 1;
      return parts === 3 ? Promise.reject(new Error('the disk is full')) : Promise.resolve();
    });
    const alerts = Array.from({ length: 500 }, () => posted().alerts[0]);
    expect(await post(posted({ alerts }))).toBe(503);
    expect(counts).toMatchObject({ accepted: 0, deferred: 1 });
  });
});

describe('a group commit', () => {
  it('writes what comes at once together, in its order, and much of it in turns', async () => {
    const writes: (readonly string[])[] = [];
    const commit = new GroupCommit({
      write: (entries) => writes.push(entries),
      press: atOnce,
    });
    const small = Array.from({ length: 100 }, (_, nth) => String(nth));
    await Promise.all(small.map((each) => commit.add(each)));
    expect(writes).toEqual([small]);
    writes.length = 0;
    const large = Array.from({ length: 5 }, () => 'x'.repeat(300_000));
    await Promise.all(large.map((each) => commit.add(each)));
    expect(writes.map((write) => write.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('waits for what comes turn by turn, as Node lets connections in one by one, but not for ever', async () => {
    const writes: (readonly string[])[] = [];
    const commit = new GroupCommit({
      write: (entries) => writes.push(entries),
      press: atOnce,
    });
    const all: Promise<void>[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      all.push(commit.add(String(turn)));
      await nextTurn();
    }
    await Promise.all(all);
    expect(writes.length).toBeLessThan(5);
    // A stream without a pause: whoever came first is not the last to be answered.
    const first = commit.add('first');
    const seen = { isWritten: false };
    void first.then(() => {
      seen.isWritten = true;
    });
    const began = performance.now();
    while (!seen.isWritten && performance.now() - began < 5000) {
      all.push(commit.add('more'));
      await nextTurn();
    }
    expect(seen.isWritten).toBe(true);
    await Promise.all(all);
  });

  it('answers when the disk has it, and gathers the next meanwhile (fake disk)', async () => {
    const disk = new HeldDisk();
    const writes: (readonly string[])[] = [];
    const commit = new GroupCommit({
      write: (entries) => writes.push(entries),
      press: () => disk.press(),
    });
    const done: string[] = [];
    const add = (text: string): Promise<void> => commit.add(text).then(() => void done.push(text));
    const all = [add('a')];
    await disk.pressing;
    for (const text of ['b', 'c', 'd']) {
      all.push(add(text));
      await nextTurn();
    }
    expect({ writes, done }).toEqual({ writes: [['a']], done: [] });
    disk.take();
    await disk.pressing;
    expect({ writes, done }).toEqual({ writes: [['a'], ['b', 'c', 'd']], done: ['a'] });
    disk.take();
    await Promise.all(all);
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('says to each who waits whether it was written', async () => {
    const commit = new GroupCommit({
      write: (entries) => {
        if (entries.some((entry) => entry === 'bad')) throw new Error('no');
      },
      press: atOnce,
    });
    const both = await Promise.allSettled([commit.add('good'), commit.add('bad')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(commit.add('good')).resolves.toBeUndefined();
  });
});
