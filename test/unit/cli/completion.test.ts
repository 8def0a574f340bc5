import { expect, it } from 'vitest';
import { completion } from '../../../src/cli/completion.ts';

it.each(['bash', 'zsh', 'fish'])('completes the programs beside the commands (%s)', (shell) => {
  expect(completion([shell], 'en')).toMatch(/\brecover\b/);
});

it.each(['bash', 'zsh', 'fish'])('completes the flag of config check (%s)', (shell) => {
  expect(completion([shell], 'en')).toMatch(/offline/);
});
