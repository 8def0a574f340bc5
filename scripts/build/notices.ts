import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
  homepage: z.string().optional(),
});

/** Folder of the package that a bundled file belongs to; null for our own files. */
function packageFolder(file: string): string | null {
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return found?.[1] ?? null;
}

function noticeOf(folder: string): string {
  const about = manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const licence = about.license ?? about.licenses?.map((each) => each.type).join(' OR ') ?? null;
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim());
  if (licence === null && texts.length === 0) {
    throw new Error(`${about.name} tells no licence; it must not be bundled`);
  }
  return [
    `## ${about.name} ${about.version}`,
    '',
    `Licence: ${licence ?? 'see below'}`,
    ...texts.flatMap((text) => ['', '```', text.replaceAll('```', "'''"), '```']),
  ].join('\n');
}

/** The licences of all packages that one of `files` belongs to. Throws where a package tells none. */
export function thirdPartyNotices(files: readonly string[]): string {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== null));
  return [
    '# Third-party notices',
    '',
    'Parts of these packages are in the files of this folder.',
    '',
    [...new Set([...folders].sort().map(noticeOf))].join('\n\n'),
    '',
  ].join('\n');
}
