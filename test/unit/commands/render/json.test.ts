import { describe, expect, it } from 'vitest';
import { jsonDocument, renderJson } from '../../../../src/commands/render/json.ts';
import { problemReport } from '../../../../src/commands/render/problem.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { say } from '../../../../src/core/text.ts';
import { evil, samples } from './samples.ts';

const around = { command: 'status', job: null, outcome: 'ok' } as const;

describe('renderJson', () => {
  it('gives values raw: moments as ISO 8601, spans as ms, sizes as bytes, words with their key', () => {
    const fields = jsonDocument(samples['values'] ?? { ...around, nodes: [] }, 'zh').fields;
    expect(fields).toEqual({
      up_since: '2026-07-27T12:03:09.000Z',
      uptime: 200_000,
      size: 1_234_567,
      accounts: 1000,
      reachable: true,
      missing: null,
      role: { key: 'role.owner', text: '所有者' },
    });
  });

  it('gives a moment that no calendar holds as null', () => {
    const nodes = [
      { type: 'fields', fields: [{ id: 'at', label: 'At', value: { moment: 9e15 } }] },
    ] as const;
    expect(jsonDocument({ ...around, nodes }, 'en').fields).toEqual({ at: null });
  });

  it('[#24] is one line, holds data unchanged and nothing that steers a terminal', () => {
    const nodes = [
      { type: 'fields', fields: [{ id: 'name', label: 'Name', value: evil }] },
    ] as const;
    const line = renderJson({ ...around, nodes }, 'en');
    expect(line).toMatch(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]+\n$/u);
    expect(JSON.parse(line)).toMatchObject({ fields: { name: evil } });
  });

  it('loses no field, row or block where an id is used twice', () => {
    const fields = [
      { id: 'a', label: 'A', value: 1 },
      { id: 'a', label: 'A', value: 2 },
    ];
    const table = { type: 'table', id: 't', columns: [{ id: 'c', label: 'C' }] } as const;
    const document = jsonDocument(
      {
        ...around,
        nodes: [
          { type: 'fields', fields },
          { type: 'fields', id: 'block', fields },
          { type: 'fields', id: 'block', fields },
          { ...table, rows: [[1]] },
          { ...table, rows: [[2], []] },
        ],
      },
      'en',
    );
    expect(document.fields).toEqual({ a: 1, a_2: 2 });
    expect(document.groups).toEqual({
      block: [
        { a: 1, a_2: 2 },
        { a: 1, a_2: 2 },
      ],
    });
    expect(document.tables).toEqual({ t: [{ c: 1 }, { c: 2 }, { c: null }] });
  });

  it('says what went wrong under its code, with the commands of the terminal', () => {
    const error = new AppError('E_USER_EXISTS', { account: 'alice' });
    const document = jsonDocument(
      { command: 'user add', job: 'j1', outcome: 'failed', nodes: problemReport(error) },
      'en',
    );
    expect(document).toMatchObject({
      outcome: 'failed',
      command: 'user add',
      job: 'j1',
      groups: {},
      error: {
        code: 'E_USER_EXISTS',
        message: 'The account alice exists already.',
        next: '`urtc user show alice` shows it.',
      },
    });
  });

  it('names the first of several errors and tells all', () => {
    const nodes = [
      ...problemReport(new AppError('E_USER_EXISTS', { account: 'alice' })),
      ...problemReport(new AppError('E_NOT_ALLOWED')),
    ];
    const document = jsonDocument({ ...around, nodes }, 'en');
    expect(document.error).toMatchObject({
      code: 'E_USER_EXISTS',
      next: '`urtc user show alice` shows it.',
    });
    expect(JSON.stringify(document.text)).toContain('E_NOT_ALLOWED');
  });

  it('carries files whole and a revealed secret for its one reader', () => {
    const document = jsonDocument(
      {
        ...around,
        nodes: [
          { type: 'file', name: 'x.bin', mimetype: 'x/y', content: Uint8Array.of(0, 255, 10) },
          { type: 'secret', id: 'password', label: 'Password', value: new Secret('pass') },
        ],
      },
      'en',
    );
    expect(document.files).toEqual([{ name: 'x.bin', mimetype: 'x/y', base64: 'AP8K' }]);
    expect(document.fields).toEqual({ password: 'pass' });
  });
});

it('a table without rows is an empty list, and what is said instead is text', () => {
  const nodes: readonly ReportNode[] = [
    { type: 'table', id: 'jobs', none: say('jobs.none'), columns: [], rows: [] },
  ];
  const answer = { command: 'jobs', job: null, outcome: 'ok', nodes } as const;
  const document = jsonDocument(answer, 'en');
  expect(document.tables).toEqual({ jobs: [] });
  const value = { key: 'jobs.none', text: 'Nothing runs and nothing waits.' };
  expect(document.text).toEqual([{ type: 'paragraph', value }]);
});
