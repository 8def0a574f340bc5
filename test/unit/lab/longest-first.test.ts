import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { longestFirst, longFiles, type Candidate } from '../../lab/longest-first.ts';
import { repository } from '../../lab/product.ts';

const ofIntegration = (file: string): Candidate => ({ project: 'integration', file });

it('starts the plain part, then the long files, longest first, then the others as they come', () => {
  const plain = { project: 'plain', file: 'test/integration/failure/30-hostile-json.test.ts' };
  const [longest = '', second = ''] = Object.keys(longFiles);
  const others = ['b', 'a'].map(ofIntegration);
  const sorted = longestFirst(
    [...others, ofIntegration(second), plain, ofIntegration(longest), plain],
    (each) => each,
  );
  expect(sorted).toEqual([plain, plain, ofIntegration(longest), ofIntegration(second), ...others]);
});

it('knows only long files that are there', () => {
  const gone = Object.keys(longFiles).filter((file) => !existsSync(join(repository, file)));
  expect(gone).toEqual([]);
});
