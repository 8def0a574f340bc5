import { describe, expect, it } from 'vitest';
import { LiveConfig } from '../../../../src/bot/daemon/live-config.ts';
import { createPeople } from '../../../../src/bot/daemon/people.ts';
import { parseLocalpart, parseUserId, type UserId } from '../../../../src/core/ids.ts';
import type { Language } from '../../../../src/core/words/index.ts';
import { loadConfig } from '../../../../src/platform/config/config.ts';
import { dirname } from 'node:path';
import { configFolder, put, rightConfig } from '../../platform/config/folder.ts';

const anna = parseUserId('@anna:example.org');
const bo = parseUserId('@bo:example.org');

function chosen() {
  const languages = new Map<UserId, Language>();
  return {
    languageOf: (user: UserId) => languages.get(user) ?? null,
    setLanguage: (user: UserId, language: Language) => void languages.set(user, language),
  };
}

function live(text = rightConfig) {
  const file = configFolder(text);
  const changes: (readonly string[])[] = [];
  const config = new LiveConfig(
    { config: loadConfig(file, {}), environment: {}, commands: ['user add'], isRunning: true },
    (_next, changed) => changes.push(changed),
  );
  const rewrite = (next: string) => put(dirname(file), 'urtc.yaml', next);
  return {
    config,
    changes,
    rewrite,
    people: createPeople(() => config.current.settings, chosen()),
  };
}

describe('the people', () => {
  it('are those of the config, by user and by account', () => {
    const { people } = live();
    expect(people.roleOf(anna)).toBe('admin');
    expect(people.roleOf(bo)).toBeNull();
    expect(people.roleOfAccount(parseLocalpart('anna'))).toBe('admin');
    expect(people.roleOfAccount(parseLocalpart('bo'))).toBeNull();
    expect(people.adminCount()).toBe(1);
  });

  it('of another server with the same name do not protect an account here', () => {
    const { people } = live(rightConfig.replace('@anna:example.org', '@anna:elsewhere.org'));
    expect(people.roleOfAccount(parseLocalpart('anna'))).toBeNull();
  });

  it('speak what they chose, what the config says of them, or its language', () => {
    const { people } = live(
      `${rightConfig}  - { user: '@bo:example.org', role: viewer, language: zh }\n`,
    );
    expect([people.languageOf(anna), people.languageOf(bo)]).toEqual(['en', 'zh']);
    people.setLanguage(bo, 'en');
    expect(people.languageOf(bo)).toBe('en');
  });
});

describe('a reload', () => {
  it('[#12] takes effect at once and tells what it did', async () => {
    const { config, changes, people, rewrite } = live();
    rewrite(`${rightConfig.replace('@anna', '@bo')}http: { port: 1 }\n`);
    expect(await config.reload()).toMatchObject({ changed: ['people'], needsRestart: ['http'] });
    expect(changes).toEqual([['people']]);
    expect([people.roleOf(anna), people.roleOf(bo)]).toEqual([null, 'admin']);
    // What needs a restart needs it until there was one.
    expect(await config.reload()).toMatchObject({ changed: [], needsRestart: ['http'] });
  });

  it('of a wrong file changes nothing', async () => {
    const { config, changes, people, rewrite } = live();
    rewrite(`${rightConfig}roles: { 'user ad': admin }\n`);
    await expect(config.reload()).rejects.toMatchObject({ code: 'E_CONFIG_INVALID' });
    rewrite(rightConfig.replace(/people:[^]*/, 'people: []\n'));
    await expect(config.reload()).rejects.toMatchObject({ code: 'E_CONFIG_NOBODY_ALLOWED' });
    expect(changes).toEqual([]);
    expect(people.roleOf(anna)).toBe('admin');
  });
});
