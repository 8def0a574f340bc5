import { describe, expect, it } from 'vitest';
import { AuditChain } from '../../../../src/platform/store/audit-chain.ts';
import { openState } from '../../../../src/platform/store/state.ts';
import { draft, setUp } from './audit-fixture.ts';
import { startChild } from './child-process.ts';
import { testMasterKey } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

describe('the audit chain', () => {
  it('gives back what was appended, newest first, by person and by command', () => {
    const { database, chain } = setUp(3);
    const ben = chain.append({ ...draft, actor: '@ben:example.org', line: '!user list' });
    chain.append({ ...draft, line: 'userx%' });
    chain.append({ ...draft, event: null, job: null, durationMs: null, decision: 'refused' });
    expect(ben).toEqual({ ...draft, actor: '@ben:example.org', line: '!user list', sequence: 4 });
    const sequences = (query: Parameters<typeof chain.list>[0]): number[] =>
      chain.list(query).map((entry) => entry.sequence);
    expect(sequences({ limit: 10 })).toEqual([6, 5, 4, 3, 2, 1]);
    expect(sequences({ limit: 2 })).toEqual([6, 5]);
    expect(sequences({ limit: 10, actor: '@ben:example.org' })).toEqual([4]);
    expect(sequences({ limit: 10, command: 'user add' })).toEqual([6, 3, 2, 1]);
    expect(sequences({ limit: 10, command: 'user list' })).toEqual([4]);
    expect(sequences({ limit: 10, command: 'user' })).toEqual([6, 4, 3, 2, 1]);
    expect(sequences({ limit: 10, command: 'user%' })).toEqual([]);
    expect(sequences({ limit: 10, command: 'user add', actor: '@ben:example.org' })).toEqual([]);
    expect(chain.list({ limit: 1 })[0]).toMatchObject({ event: null, job: null, durationMs: null });
    database.close();
  });

  it.each([
    ['UPDATE', `UPDATE audit SET entry = replace(entry, 'user1', 'user9') WHERE sequence = 1`],
    ['DELETE', 'DELETE FROM audit WHERE sequence = 2'],
    ['INSERT OR REPLACE', `INSERT OR REPLACE INTO audit VALUES (2, '{}', x'00')`],
    ['INSERT with a gap', `INSERT INTO audit VALUES (9, '{}', x'00')`],
  ])('%s is refused by the table itself', async (_name, sql) => {
    const { database, chain } = setUp(2);
    expect(() => database.run(sql)).toThrow('append-only');
    expect(await chain.verify([])).toEqual({ state: 'intact', entries: 2, anchoredUpTo: null });
    database.close();
  });

  it('is intact when empty, when long, and against anchors of its own past', async () => {
    const { database, chain } = setUp(0);
    const empty = chain.head();
    expect(empty).toEqual({ count: 0, hash: '0'.repeat(64) });
    expect(await chain.verify([empty])).toEqual({ state: 'intact', entries: 0, anchoredUpTo: 0 });
    const anchors = [empty];
    database.transaction(() => {
      for (let index = 0; index < 2500; index += 1) {
        chain.append(draft);
        if (index % 500 === 0) anchors.push(chain.head());
      }
    });
    expect(await chain.verify(anchors)).toEqual({
      state: 'intact',
      entries: 2500,
      anchoredUpTo: 2001,
    });
    database.close();
  });

  it('leaves nothing behind when the transaction of its caller is undone', async () => {
    const { database, chain } = setUp(2);
    const before = chain.head();
    expect(() =>
      database.transaction(() => {
        chain.append(draft);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(chain.head()).toEqual(before);
    chain.append(draft);
    expect(await chain.verify([before])).toMatchObject({ state: 'intact', entries: 3 });
    database.close();
  });

  it('[#40] says E_AUDIT_UNWRITABLE and why when it can not be written; reading goes on', () => {
    const { database, chain } = setUp(2);
    database.run('PRAGMA query_only = ON');
    expect(() => chain.append(draft)).toThrow(
      expect.objectContaining({
        code: 'E_AUDIT_UNWRITABLE',
        cause: expect.objectContaining({
          message: expect.stringContaining('readonly') as string,
        }) as Error,
      }),
    );
    expect(chain.list({ limit: 10 })).toHaveLength(2);
    database.run('PRAGMA query_only = OFF');
    database.run(`PRAGMA max_page_count = 1`);
    const long = { ...draft, line: 'x'.repeat(20_000) };
    expect(() => chain.append(long)).toThrow(
      expect.objectContaining({
        code: 'E_AUDIT_UNWRITABLE',
        cause: expect.objectContaining({ code: 'E_STORE_FULL' }) as Error,
      }),
    );
    expect(chain.list({ limit: 10 })).toHaveLength(2);
    database.close();
  });
});

describe('durability', () => {
  const kills = 5;
  it(`what append has returned from is there after kill -9, ${kills} times at random moments`, async () => {
    const folder = tempFolder();
    let promised = 0;
    for (let round = 0; round < kills; round += 1) {
      const child = startChild('append-audit', [folder]);
      await child.line('ready');
      await child.line(String(promised + 1 + Math.floor(Math.random() * 300)));
      await child.kill();
      promised = Number(child.lines.at(-1));
      const database = openState(folder);
      const chain = new AuditChain(database, testMasterKey());
      const verdict = await chain.verify([]);
      expect(verdict.state).toBe('intact');
      // One more may have been written whose promise was not heard any more.
      expect(chain.head().count - promised).toBeGreaterThanOrEqual(0);
      promised = chain.head().count;
      database.close();
    }
    expect(promised).toBeGreaterThan(kills);
    // Hundreds of waits for the disk: on a busy machine half a minute was not enough.
  }, 120_000);
});
