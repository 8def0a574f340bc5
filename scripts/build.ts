/** `npm run build`: makes `dist/` from `src/`, unless it is made of these very inputs already. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from './build/bundle.ts';
import { inputsHash } from './build/inputs.ts';
import { thirdPartyNotices } from './build/notices.ts';

process.chdir(join(import.meta.dirname, '..'));
const target = 'dist';
const stamp = join(target, 'inputs.sha256');
const started = performance.now();
const hash = inputsHash();

/** Never half a file: another build may run at the same time, or a bot may be starting. */
function put(name: string, content: string | Uint8Array): void {
  const file = join(target, name);
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, content);
  renameSync(half, file);
}

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  process.stdout.write('dist/ is up to date\n');
} else {
  const made = await bundle();
  // The entry last: until then everybody still starts the old one.
  const inOrder = [...made.files].sort(
    (a, b) => Number(a.name === 'urtc.mjs') - Number(b.name === 'urtc.mjs'),
  );
  for (const file of inOrder) put(file.name, file.content);
  put('THIRD-PARTY-NOTICES.md', thirdPartyNotices(made.modules));
  const wanted = new Set([...made.files.map((file) => file.name), 'THIRD-PARTY-NOTICES.md']);
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name).slice(target.length + 1);
    if (entry.isFile() && !wanted.has(name)) rmSync(join(target, name), { force: true });
  }
  put('inputs.sha256', hash);
  const bytes = made.files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `dist/: ${made.files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${seconds} s\n`,
  );
}
