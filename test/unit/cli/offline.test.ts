import { describe, expect, it } from 'vitest';
import { offlineHelp } from '../../../src/cli/offline.ts';

const textOf = async (...words: string[]): Promise<string> =>
  JSON.stringify(await offlineHelp(words, 'en'));

describe('help without a bot', () => {
  it('explains the programs that stand outside the registry', async () => {
    expect(await textOf('bot')).toContain('cli.own.bot');
    expect(await textOf('bot', 'recover')).toContain('cli.own.bot-recover');
    expect(await textOf('completion')).toContain('urtc completion bash|zsh|fish');
    expect(await textOf('config', 'check')).toContain('cli.own.config-check');
  });

  it('leaves words that commands have to the commands', async () => {
    expect(await textOf('config')).toContain('urtc config reload');
    expect(await textOf('config', 'show')).toContain('config.show.summary');
  });

  it('shows a program and the commands that share its word', async () => {
    const page = await textOf('bot');
    expect(page).toContain('cli.own.bot');
    expect(page).toContain('urtc bot identity');
    expect(page).toContain('urtc bot recover');
    expect(await textOf('bot', 'identity')).not.toContain('cli.own.bot');
  });

  it('knows what it does not know', async () => {
    await expect(offlineHelp(['bott'], 'en')).rejects.toMatchObject({ code: 'E_COMMAND_UNKNOWN' });
  });
});
