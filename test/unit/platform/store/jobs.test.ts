import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEventId, parseOutboxId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { say } from '../../../../src/core/text.ts';
import { ConfirmationStore } from '../../../../src/platform/store/confirmations.ts';
import { Database } from '../../../../src/platform/store/database.ts';
import { JobStore, type JobDraft } from '../../../../src/platform/store/jobs.ts';
import { jobsMigration } from '../../../../src/platform/store/migrations/20-jobs.ts';
import { confirmationsMigration } from '../../../../src/platform/store/migrations/21-confirmations.ts';
import { tempFolder } from './temp-folder.ts';

const draft: JobDraft = {
  origin: {
    surface: 'room',
    room: parseRoomId('!room:example.org'),
    event: parseEventId('$command'),
    thread: null,
    sender: parseUserId('@anna:example.org'),
  },
  rank: 'admin',
  language: 'zh',
  line: 'user add alice',
  command: 'user add',
  input: { name: 'alice' },
  dryRun: false,
  consent: 'needed',
  now: 1000,
};

function openStore() {
  const file = join(tempFolder(), 'state.sqlite');
  const connect = () => new Database(file, [jobsMigration, confirmationsMigration], 'FULL');
  const database = connect();
  return { database, connect, jobs: new JobStore(database) };
}

describe('jobs in the store', () => {
  it('read back as they were written, from a new process as well', () => {
    const { jobs, database, connect } = openStore();
    const created = jobs.create(draft);
    const running = jobs.transition(
      created,
      { state: 'running', facts: { account: 'alice' }, consent: 'given', step: 'make' },
      2000,
    );
    const next = jobs.checkpoint(
      running,
      { step: 'make', result: { made: true }, next: 'tell' },
      3000,
    );
    const stopping = jobs.requestCancel(next, '@anna:example.org', 3500);
    expect(jobs.get(created.id)).toEqual(stopping);
    database.close();

    const later = new JobStore(connect());
    expect(later.unfinished()).toEqual([stopping]);
    expect(stopping).toMatchObject({
      step: 'tell',
      checkpoints: { make: { made: true } },
      startedAt: 2000,
      createdAt: 1000,
      changedAt: 3500,
    });
    const finished = later.finish(
      stopping,
      { outcome: 'ok', report: [{ type: 'title', text: say('outcome.ok') }] },
      4000,
    );
    expect(later.get(created.id)).toEqual(finished);
    expect(later.unfinished()).toEqual([]);
    expect(later.latestChange()).toBe(4000);
  });

  it('[#5] end only once', () => {
    const { jobs } = openStore();
    const job = jobs.create(draft);
    jobs.finish(job, { outcome: 'ok', report: null }, 2000);
    expect(() => jobs.finish(job, { outcome: 'failed', report: null }, 3000)).toThrow(job.id);
    expect(() => jobs.transition(job, { state: 'running' }, 3000)).toThrow(job.id);
    expect(jobs.get(job.id)?.outcome).toBe('ok');
  });

  it('list newest first, finished ones only where asked', () => {
    const { jobs } = openStore();
    const all = [1, 2, 3].map((now) => jobs.create({ ...draft, now }));
    const [first, second, third] = all.map((each) => each.id);
    const done = all[1];
    if (done === undefined) throw new Error('no job');
    jobs.finish(done, { outcome: 'ok', report: null }, 9);
    const ids = (includeFinished: boolean, limit: number) =>
      jobs.list({ includeFinished, limit }).map((each) => each.id);
    expect(ids(false, 10)).toEqual([third, first]);
    expect(ids(true, 10)).toEqual([third, second, first]);
    expect(ids(true, 2)).toEqual([third, second]);
    expect(jobs.forgetFinishedBefore(10)).toBe(1);
    expect(ids(true, 10)).toEqual([third, first]);
  });

  it('[#25] keep no secret and no file of a report, and say so', () => {
    const { jobs, database } = openStore();
    const report: ReportNode[] = [
      { type: 'secret', id: 'password', label: 'alice', value: new Secret('hunter2-hunter2') },
      { type: 'file', name: 'log.txt', mimetype: 'text/plain', content: Buffer.from('kept-away') },
      {
        type: 'fields',
        fields: [{ id: 'size', label: say('common.none'), value: { bytes: 5 } }],
      },
      {
        type: 'table',
        id: 't',
        columns: [{ id: 'c', label: 'C', align: 'right' }],
        rows: [[{ moment: 5 }], [{ span: 4 }], [{ link: 'https://matrix.to/#/!a' }]],
      },
    ];
    const job = jobs.finish(jobs.create(draft), { outcome: 'ok', report }, 2000);
    expect(jobs.get(job.id)).toEqual(job);
    expect(job.report?.map((each) => each.type)).toEqual([
      'paragraph',
      'paragraph',
      'fields',
      'table',
    ]);
    const bytes = JSON.stringify(jobs.get(job.id));
    expect(bytes).not.toContain('hunter2');
    expect(bytes).not.toContain('kept-away');
    database.close();
  });

  it('refuse a row that does not fit, instead of running something else', () => {
    const { jobs, database } = openStore();
    const job = jobs.create(draft);
    database.run(`UPDATE jobs SET input = '[1]'`);
    expect(() => jobs.get(job.id)).toThrow();
    database.run(`UPDATE jobs SET input = 'no json'`);
    expect(() => jobs.get(job.id)).toThrow();
  });
});

describe('questions in the store', () => {
  it('[#16] end once, and a job has one open question', () => {
    const { jobs, database } = openStore();
    const questions = new ConfirmationStore(database);
    const job = jobs.create(draft);
    const asked = {
      job: job.id,
      person: '@anna:example.org',
      room: parseRoomId('!room:example.org'),
      thread: null,
      commandEvent: parseEventId('$command'),
      code: 'K7QD',
      prompt: parseOutboxId('o1'),
      reason: 'destroy',
      askedAt: 1000,
      expiresAt: 2000,
    } as const;
    questions.add(asked);
    expect(() => questions.add(asked)).toThrow();
    const [open] = questions.open();
    if (open === undefined) throw new Error('no question');
    expect(open).toMatchObject({ ...asked, wrongTries: 0, ended: null });
    expect(questions.noteWrongTry(open)).toBe(1);
    expect(questions.end(open, 'confirmed', 1500)).toBe(true);
    expect(questions.end(open, 'cancelled', 1500)).toBe(false);
    expect(questions.open()).toEqual([]);
    expect(questions.ofJob(job.id)).toMatchObject({ ended: 'confirmed', wrongTries: 1 });
    expect(questions.endedSince(500).map((each) => each.sequence)).toEqual([open.sequence]);
    expect(questions.endedSince(1001)).toEqual([]);
    questions.add(asked);
    expect(questions.ofJob(job.id)?.ended).toBe(null);
  });
});
