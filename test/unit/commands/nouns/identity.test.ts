import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/commands/actor.ts';
import { language } from '../../../../src/commands/nouns/language.ts';
import { version } from '../../../../src/commands/nouns/version.ts';
import { whoami } from '../../../../src/commands/nouns/whoami.ts';
import type { People } from '../../../../src/commands/capabilities.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import { createPeopleStore } from '../../../../src/platform/store/people.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { linesOf } from './read.ts';

const anna = parseUserId('@anna:x.org');
const person: Actor = { kind: 'person', user: anna, rank: 'admin' };
const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };
const { signal } = new AbortController();
const inRoom = { actor: person, language: 'en', surface: 'room', signal } as const;
const onTerminal = { actor: root, language: 'zh', surface: 'terminal', signal } as const;

describe('whoami', () => {
  it('shows a person', async () => {
    expect(await linesOf(whoami.run(inRoom, {}))).toEqual([
      'User: @anna:x.org',
      'Role: admin',
      'Language: English',
      'Place: a Matrix room',
    ]);
  });

  it('shows whoever is on the terminal', async () => {
    expect(await linesOf(whoami.run(onTerminal, {}), 'zh')).toEqual([
      '登录名: root',
      '角色: 所有者',
      '语言: 简体中文',
      '位置: 服务器终端',
    ]);
  });
});

describe('version', () => {
  it('shows urtc and Node', async () => {
    const identity = { version: '1.2.3', botUser: anna, serverName: 'x.org' };
    expect(await linesOf(version.run({ ...inRoom, identity }, {}))).toEqual([
      'urtc: 1.2.3',
      `Node.js: ${process.versions.node}`,
    ]);
  });
});

describe('language', () => {
  function setUp() {
    const database = stateIn(tempFolder());
    const store = createPeopleStore(database);
    const people: People = {
      roleOf: () => 'admin',
      roleOfAccount: () => 'admin',
      adminCount: () => 1,
      list: () => [],
      languageOf: (user) => store.languageOf(user) ?? 'en',
      setLanguage: (user, chosen) => {
        store.setLanguage(user, chosen);
      },
    };
    return { people, close: () => database.close() };
  }

  it('changes what the bot speaks, durably, once', async () => {
    const { people, close } = setUp();
    const context = { ...inRoom, people };
    const input = { language: 'zh' } as const;
    const { facts } = await language.plan(context, input);
    const step = { input, facts, done: {} };
    expect(people.languageOf(anna)).toBe('en');
    expect(await language.steps[0].settle(context, step)).toEqual({ state: 'not-done' });
    await language.steps[0].run(context, step);
    expect(people.languageOf(anna)).toBe('zh');
    expect(await language.steps[0].settle(context, step)).toEqual({ state: 'done', result: {} });
    expect(language.report(step)).toEqual([
      {
        type: 'outcome',
        outcome: 'ok',
        text: { key: 'language.change', params: { language: { key: 'language.name.zh' } } },
      },
    ]);
    close();
  });

  it('shows the present one without an argument and changes nothing', async () => {
    const { people, close } = setUp();
    const context = { ...inRoom, people };
    const input = { language: undefined };
    const { facts } = await language.plan(context, input);
    const step = { input, facts, done: {} };
    await language.steps[0].run(context, step);
    expect(await language.steps[0].settle(context, step)).toEqual({ state: 'done', result: {} });
    expect(language.report(step)[0]).toEqual({
      type: 'paragraph',
      text: { key: 'language.current', params: { language: { key: 'language.name.en' } } },
    });
    // A line to be sent as it stands: one for each language that it could be.
    expect(language.report(step).slice(1)).toEqual([
      {
        type: 'hint',
        text: {
          key: 'language.how',
          params: { choice: 'zh', language: { key: 'language.name.zh' } },
        },
      },
    ]);
    close();
  });

  it('has no person on the terminal', () => {
    const { people, close } = setUp();
    expect(() => language.plan({ ...onTerminal, people }, { language: 'en' })).toThrow(
      'E_PERSON_ONLY',
    );
    close();
  });
});
