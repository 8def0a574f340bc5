import { describe, expect, it } from 'vitest';
import { audit } from '../../../../src/commands/nouns/audit.ts';
import { configReload, configShow } from '../../../../src/commands/nouns/config.ts';
import { error } from '../../../../src/commands/nouns/error.ts';
import { secretShow } from '../../../../src/commands/nouns/secret.ts';
import { status } from '../../../../src/commands/nouns/status.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { Outcome, ReportNode } from '../../../../src/core/report.ts';
import type { Surface } from '../../../../src/commands/surface.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createSealedSecrets } from '../../../../src/platform/store/sealed-secrets.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { testMasterKey } from '../../platform/store/state-folder.ts';
import { anna, local, otto, vera, World } from '../dispatch/world.ts';

const commands = [audit, configReload, configShow, error, secretShow, status];

function open(): World {
  return new World(tempFolder(), { commands });
}

class Page implements Surface {
  readonly nodes: ReportNode[] = [];
  outcome: Outcome | null = null;
  working(): void {
    throw new Error('too slow');
  }
  progress(): void {
    this.nodes.push();
  }
  tell(_job: unknown, nodes: readonly ReportNode[]): void {
    this.nodes.push(...nodes);
  }
  prompt(): null {
    return null;
  }
  finish(_job: unknown, report: readonly ReportNode[], outcome: Outcome): void {
    this.nodes.push(...report);
    this.outcome = outcome;
  }
}

async function type(world: World, words: readonly string[], rank: 'admin' | 'owner') {
  const page = new Page();
  const { job } = await world.dispatcher.submit({
    words,
    actor: local(rank),
    language: 'en',
    yes: false,
    interactive: false,
    surface: page,
  });
  return { page, job };
}

describe('status', () => {
  it('shows the bot, its queues and its store', async () => {
    const answer = await open().ask(vera, '!status');
    expect(answer.outcome).toBe('ok');
    for (const part of ['All is well', '1.2.3', '1 min', 'http://127.0.0.1:1', '1.163.0']) {
      expect(answer.text).toContain(part);
    }
  });

  it('names the part that does not work, its cause and the next step', async () => {
    const world = open();
    world.health = {
      homeserver: {
        ...{ url: 'http://127.0.0.1:1', reachable: true, version: '1.163.0' },
        adminProblem: new AppError('E_ADMIN_API_FORBIDDEN'),
      },
      auditFault: { state: 'cut', entries: 2, anchored: 5 },
    };
    const answer = await world.ask(vera, '!status');
    expect(answer.outcome).toBe('warning');
    for (const part of ['refuses the admin credential', 'restart the bot', 'at least 5', 'backups'])
      expect(answer.text).toContain(part);
    expect(answer.text).not.toContain('All is well');
  });

  it.each([
    ['yes', null],
    ['no', new AppError('E_ADMIN_API_FORBIDDEN')],
    ['unknown', new AppError('E_ADMIN_API_UNREACHABLE', { url: 'http://hs', reason: 'no' })],
  ])('says %s where the admin credential is taken, refused, not asked', async (said, problem) => {
    const world = open();
    const reachable = problem?.code !== 'E_ADMIN_API_UNREACHABLE';
    world.health = {
      homeserver: { url: 'http://hs', reachable, version: null, adminProblem: problem },
    };
    const answer = await world.ask(vera, '!status');
    expect(answer.text).toMatch(new RegExp(`Accepts the admin credential\\W+${said}`));
  });

  it('does not tell to start a bot that can not start', async () => {
    const world = open();
    world.health = { startedAt: null, lastSyncAt: null, keysLost: true };
    const answer = await world.ask(vera, '!status');
    expect(answer.text).toContain('urtc bot recover');
    expect(answer.text).not.toContain('systemctl start');
  });

  it('says nothing about what is not there: no oldest of no messages, no age of no bot', async () => {
    const world = open();
    world.health = { outbox: { queued: 0, oldestAgeMs: 0 }, startedAt: null, lastSyncAt: null };
    const answer = await world.ask(vera, '!status');
    expect(answer.text).toContain('No bot is running');
    for (const part of ['Oldest of them', 'Running for', 'Last sync before'])
      expect(answer.text).not.toContain(part);
  });
});

describe('a command that asks, where nobody can be asked', () => {
  it('says what is wrong with it first, and does nothing without consent', async () => {
    const world = open();
    const plan = world.target.planning;
    world.target.planning = () => Promise.reject(new AppError('E_USER_UNKNOWN', { account: 'x' }));
    const unknown = await type(world, ['thing', 'drop', 'x'], 'owner');
    expect(JSON.stringify(unknown.page.nodes)).toContain('E_USER_UNKNOWN');
    world.target.planning = plan;
    const { page } = await type(world, ['thing', 'drop', 'x'], 'owner');
    expect(JSON.stringify(page.nodes)).toContain('E_CONFIRM_NO_TTY');
    expect(world.confirmations.open()).toEqual([]);
    expect(world.target.effects()).toEqual([]);
  });
});

describe('jobs', () => {
  it('says that nothing goes on where no bot runs, and only where something was left', async () => {
    const world = open();
    world.config.isRunning = false;
    expect((await world.ask(vera, '!jobs')).text).not.toContain('No bot is running');
    await world.says(anna, '!thing drop x');
    await world.question();
    expect((await world.ask(vera, '!jobs')).text).toContain('No bot is running');
    world.config.isRunning = true;
    expect((await world.ask(vera, '!jobs')).text).not.toContain('No bot is running');
  });
});

describe('audit', () => {
  it('says it where nothing is called as what was asked for', async () => {
    const world = open();
    const unknown = await world.ask(anna, '!audit --command=statsu --person=ana');
    expect(unknown.text).toContain('There is no command `statsu`. Did you mean `status`?');
    for (const known of ['--command=thing', '--command="thing drop y"', '--person=local:owner:x']) {
      const { text } = await world.ask(anna, `!audit ${known} --limit=1`);
      expect(text).not.toMatch(/There is no command|not on the list/);
    }
    expect(unknown.text).toContain('is not on the list of people. Did you mean `anna`?');
    const quiet = await world.ask(anna, '!audit --command=status --person=vera');
    expect(quiet.text).not.toContain('Did you mean');
    const far = await world.ask(anna, '!audit --person=xyzzyq');
    expect(far.text).toContain('@xyzzyq:x.org is not on the list of people.');
    expect(far.text).not.toContain('Did you mean');
  });

  it('lists newest first and takes filters', async () => {
    const world = open();
    await world.ask(otto, '!thing set x');
    await world.ask(anna, '!thing set y');
    const all = await world.ask(anna, '!audit');
    expect(all.text.indexOf('thing set y')).toBeLessThan(all.text.indexOf('thing set x'));
    const his = await world.ask(anna, `!audit --person=${otto}`);
    expect(his.text).toContain('thing set x');
    expect(his.text).not.toContain('thing set y');
    for (const name of ['otto', '@otto']) {
      expect((await world.ask(anna, `!audit --person=${name}`)).text).toBe(his.text);
    }
    const sets = await world.ask(anna, '!audit --command="thing set" --limit=1');
    expect(sets.text.split('\n').filter((line) => line.includes('thing set'))).toHaveLength(1);
    expect((await world.ask(otto, '!audit')).codes).toEqual(['E_ROLE_TOO_LOW']);
  });

  it('verify says what it found (made-up verdict)', async () => {
    const world = open();
    await world.ask(otto, '!thing set x');
    const whole = await world.ask(anna, '!audit verify');
    expect(whole).toMatchObject({ outcome: 'warning' });
    expect(whole.text).toContain('All 2 lines');
    world.audit.verify = () => Promise.resolve({ state: 'cut', entries: 2, anchored: 5 });
    const cut = await world.ask(anna, '!audit verify');
    expect(cut).toMatchObject({ outcome: 'failed' });
    expect(cut.text).toContain('at least 5');
  });
});

describe('error', () => {
  it('shows a failure by the id of its answer', async () => {
    const world = open();
    const failed = await world.ask(anna, '!thing broken');
    const id = /error (e[a-z0-9]+)/.exec(failed.text)?.[1] ?? '';
    const shown = await world.ask(otto, `!error ${id}`);
    expect(shown.text).toContain('a fault of ours');
    expect((await world.ask(otto, '!error e0000000')).codes).toEqual(['E_ERROR_ID_UNKNOWN']);
  });
});

describe('config', () => {
  it('show and reload are for admins', async () => {
    const world = open();
    expect((await world.ask(anna, '!config show')).text).toContain('[secret]');
    const reloaded = await world.ask(anna, '!config reload');
    expect(reloaded).toMatchObject({ outcome: 'warning' });
    expect(reloaded.text).toContain('http.port');
    expect((await world.ask(otto, '!config reload')).codes).toEqual(['E_ROLE_TOO_LOW']);
  });

  it('reload says that there is no bot to tell', async () => {
    const world = open();
    world.config.reload = () =>
      Promise.resolve({ file: '/f.yaml', isRunning: false, changed: [], needsRestart: [] });
    const answer = await world.ask(anna, '!config reload');
    expect(answer).toMatchObject({ outcome: 'warning' });
    expect(answer.text).toContain('No bot is running');
    expect(answer.text).toContain('/f.yaml');
  });

  it('reload says so when the file is wrong', async () => {
    const world = open();
    const wrong = new AppError('E_CONFIG_INVALID', { file: 'f', place: 'p', reason: 'r' });
    world.config.reload = () => Promise.reject(wrong);
    const refused = await world.ask(anna, '!config reload');
    expect(refused).toMatchObject({ outcome: 'failed', codes: ['E_CONFIG_INVALID'] });
  });
});

describe('secret show [#25]', () => {
  it('gives a secret once, to the owner at the terminal, and nothing keeps it or its code', async () => {
    const world = open();
    const sealed = createSealedSecrets(world.database, testMasterKey(), world.clock);
    const { code } = sealed.seal(new Secret('correct-horse'), 'alice', 'account:alice');

    expect((await world.ask(anna, `!secret show ${code}`)).codes).toEqual(['E_TERMINAL_ONLY']);
    const admin = await type(world, ['secret', 'show', code], 'admin');
    expect(admin.page.outcome).toBe('refused');

    const owner = await type(world, ['secret', 'show', code], 'owner');
    const [node] = owner.page.nodes;
    expect(node?.type === 'secret' ? node.value.reveal() : null).toBe('correct-horse');
    const again = await type(world, ['secret', 'show', code], 'owner');
    expect(again.page.outcome).toBe('failed');

    expect(JSON.stringify([owner.job, world.audit.list({ limit: 20 })])).not.toContain(code);
    world.close();
    const bytes = readFileSync(join(world.folder, 'state.sqlite'), 'latin1');
    expect(bytes).toContain('secret show');
    expect(bytes).not.toContain('correct-horse');
    expect(bytes).not.toContain(code);
  });
});
