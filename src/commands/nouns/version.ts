import { say } from '../../core/text.ts';
import { defineRead } from '../command.ts';

/** `version`: of urtc and of the Node that runs it. */
export const version = defineRead({
  words: ['version'],
  summary: 'version.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['identity'],
  arguments: {},
  flags: {},
  examples: ['version'],
  async *run({ identity }) {
    yield await Promise.resolve({
      type: 'fields',
      fields: [
        { id: 'version', label: say('version.version'), value: identity.version },
        { id: 'node', label: say('version.node'), value: process.versions.node },
      ],
    } as const);
  },
});
