import type { Column } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { defineRead } from '../../command.ts';
import { shownEnd, shownLimit, shownState } from './found-token.ts';

const columns: readonly Column[] = [
  { id: 'handle', label: say('token.field.handle') },
  { id: 'state', label: say('token.field.state') },
  { id: 'completed', label: say('token.field.uses'), align: 'right' },
  { id: 'uses_allowed', label: say('token.field.uses-allowed'), align: 'right' },
  { id: 'pending', label: say('token.field.pending'), align: 'right' },
  { id: 'expires', label: say('token.field.expires') },
  { id: 'note', label: say('token.field.note') },
];

/** `token list`: by handle; the tokens themselves are never shown. */
export const tokenList = defineRead({
  words: ['token', 'list'],
  summary: 'token.list.summary',
  role: 'viewer',
  surface: 'everywhere',
  arguments: {},
  flags: {},
  uses: ['registrationTokens', 'tokenNotes', 'clock'],
  examples: ['token list'],
  async *run({ registrationTokens, tokenNotes, clock, signal }) {
    const tokens = await registrationTokens.list(signal);
    const now = clock.now();
    yield { type: 'title', text: say('token.list.title') };
    yield {
      type: 'table',
      id: 'tokens',
      columns,
      rows: tokens.map((token) => {
        const handle = tokenNotes.handleOf(token.token);
        return [
          handle,
          shownState(token, now),
          token.completed,
          shownLimit(token),
          token.pending,
          shownEnd(token),
          tokenNotes.noteOf(handle),
        ];
      }),
    };
  },
});
