import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A config that is complete and right, as text. */
export const rightConfig = `homeserver: { url: 'http://127.0.0.1:8008/' }
bot:
  user: '@urtc:example.org'
  accessToken: { file: bot-token }
admin:
  accessToken: { file: admin-token }
key: { file: key }
people:
  - { user: '@anna:example.org', role: admin }
`;

/** 32 bytes. */
export const keyText = Buffer.alloc(32, 7).toString('base64');

/** An empty folder that goes away with the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-config-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Writes a file with the given mode (default 0600). */
export function put(folder: string, name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** A folder with config and secrets; returns the config's path. */
export function configFolder(text = rightConfig): string {
  const folder = freshFolder();
  put(folder, 'bot-token', 'syt_bot_token\n');
  put(folder, 'admin-token', 'syt_admin_token\n');
  put(folder, 'key', `${keyText}\n`);
  return put(folder, 'urtc.yaml', text, 0o644);
}
