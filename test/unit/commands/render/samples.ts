import { questionNodes } from '../../../../src/commands/render/question.ts';
import { problemReport } from '../../../../src/commands/render/problem.ts';
import type { JsonAnswer } from '../../../../src/commands/render/json.ts';
import type { Prompt } from '../../../../src/commands/surface.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { say } from '../../../../src/core/text.ts';

/** 2026-07-27T12:03:09Z */
export const noon = Date.UTC(2026, 6, 27, 12, 3, 9);

/** What data can hold to harm a reader: terminal sequences, markup, mentions, reordering, wide and joined characters. */
export const evil =
  '\u001b[2J\u009b31m <img src=x onerror=alert(1)> &amp; @room https://matrix.to/#/@eve:example.org ' +
  '`code` **bold**\r\n✅ Done: forged \u202Egnp.exe\u2066 \u200b王小明 שלום 👩‍👩‍👧 \ud800';

/** The question of a job that destroys. */
export const prompt: Prompt = {
  code: '4821',
  expiresAt: noon + 300_000,
  reason: 'destroy',
  shown: [
    {
      type: 'fields',
      fields: [
        { id: 'account', label: 'Account', value: '@alice:example.org' },
        { id: 'data', label: 'Data', value: { bytes: 12_345_678 } },
      ],
    },
    { type: 'list', items: ['ends 3 sessions', evil] },
  ],
};

/** Reports that together hold every kind of node, value and outcome. */
export const samples: Readonly<Record<string, JsonAnswer>> = {
  values: {
    command: 'status',
    job: 'j1',
    outcome: 'ok',
    nodes: [
      { type: 'title', text: 'Home server' },
      { type: 'outcome', outcome: 'ok', text: say('status.step', { doing: say('role.admin') }) },
      {
        type: 'fields',
        fields: [
          { id: 'up_since', label: 'Up since', value: { moment: noon } },
          { id: 'uptime', label: 'Uptime', value: { span: 200_000 } },
          { id: 'size', label: 'Store', value: { bytes: 1_234_567 } },
          { id: 'accounts', label: 'Accounts', value: 1000 },
          { id: 'reachable', label: 'Reachable', value: true },
          { id: 'missing', label: 'Missing', value: null },
          { id: 'role', label: 'Role', value: say('role.owner') },
        ],
      },
      { type: 'hint', text: say('E_USER_UNKNOWN.next', { account: 'alice' }) },
      {
        type: 'file',
        name: 'log.txt',
        mimetype: 'text/plain',
        content: new TextEncoder().encode('one\ntwo\n'),
      },
    ],
  },
  'narrow-table': {
    command: 'user list',
    job: null,
    outcome: 'ok',
    nodes: [
      {
        type: 'table',
        id: 'users',
        columns: [
          { id: 'name', label: 'Name' },
          { id: 'size', label: 'Media', align: 'right' },
          { id: 'admin', label: 'Admin' },
        ],
        rows: [
          ['alice', { bytes: 123_456 }, true],
          ['王小明', { bytes: 12 }, false],
          ['שלום', { bytes: 0 }, false],
          ['👩‍👩‍👧 family', { bytes: 1_000_000 }, false],
        ],
      },
      { type: 'table', id: 'none', columns: [{ id: 'name', label: 'Name' }], rows: [] },
    ],
  },
  'wide-table': {
    command: 'audit',
    job: null,
    outcome: 'warning',
    nodes: [
      {
        type: 'table',
        id: 'entries',
        columns: [
          { id: 'at', label: 'At' },
          { id: 'who', label: 'Who' },
          { id: 'line', label: 'Command' },
        ],
        rows: [
          [{ moment: noon }, '@anna:example.org', 'user add alice --name "Alice in Wonderland"'],
          [{ moment: noon }, '@eve:example.org', evil],
        ],
      },
      { type: 'outcome', outcome: 'warning', text: '2 entries' },
    ],
  },
  hostile: {
    command: 'user show',
    job: 'j2',
    outcome: 'unknown',
    nodes: [
      { type: 'title', text: evil },
      { type: 'outcome', outcome: 'unknown', text: say('E_USER_UNKNOWN', { account: evil }) },
      { type: 'paragraph', text: evil },
      { type: 'fields', id: 'block', fields: [{ id: 'name', label: 'Name', value: evil }] },
      { type: 'list', items: [evil, 'harmless'] },
      { type: 'code', content: `${evil}\n\ttab and <b>\n` },
      { type: 'outcome', outcome: 'cancelled', text: 'as wished' },
    ],
  },
  problem: {
    command: null,
    job: null,
    outcome: 'failed',
    nodes: problemReport(
      new AppError('E_USER_EXISTS', { account: 'alice' }),
      'user add alice\n         ^^^^^',
    ),
  },
  refusal: {
    command: 'user add',
    job: null,
    outcome: 'refused',
    nodes: problemReport(
      new AppError('E_ROLE_TOO_LOW', {
        command: 'user add',
        needed: say('role.admin'),
        role: say('role.viewer'),
      }),
    ),
  },
  question: {
    command: 'user deactivate',
    job: 'j3',
    outcome: 'ok',
    nodes: questionNodes({ id: 'j3', line: 'user deactivate alice' }, prompt, noon, 'terminal'),
  },
};
