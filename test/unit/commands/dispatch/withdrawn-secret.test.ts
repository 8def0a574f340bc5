import { describe, expect, it } from 'vitest';
import { sealedCodeOf } from '../../../../src/commands/nouns/sealed-secret.ts';
import { secretShow } from '../../../../src/commands/nouns/secret.ts';
import { tokenCommands } from '../../../../src/commands/nouns/token.ts';
import { userCommands } from '../../../../src/commands/nouns/user.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { parseLocalpart } from '../../../../src/core/ids.ts';
import type { ReportNode } from '../../../../src/core/report.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { local, World } from './world.ts';

const sup1 = parseLocalpart('sup1');

/** A terminal of root's in a new world. */
function sit() {
  const commands = [...userCommands, ...tokenCommands, secretShow];
  const world = new World(tempFolder(), { commands });
  const type = async (line: string): Promise<readonly ReportNode[]> => {
    const nodes: ReportNode[] = [];
    await world.dispatcher.submit({
      words: line.split(' '),
      ...{ actor: local('owner'), language: 'en', yes: true, interactive: false },
      surface: {
        working: () => undefined,
        progress: () => undefined,
        tell: (_job, told) => void nodes.push(...told),
        prompt: () => null,
        finish: (_job, report) => void nodes.push(...report),
      },
    });
    return nodes;
  };
  const codeOf = async (line: string): Promise<string> =>
    sealedCodeOf(await type(line))?.code ?? `no code of ${line}`;
  /** The secret, or the code of the error. */
  const show = async (code: string): Promise<string> => {
    const nodes = await type(`secret show ${code}`);
    for (const node of nodes) {
      if (node.type === 'secret') return node.value.reveal();
      if (node.type === 'fields') return translate(node.fields[0]?.value ?? '', 'en');
    }
    return 'nothing';
  };
  return { world, type, codeOf, show };
}

const lost = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'x', detail: 'lost' });

describe('[#25] a code whose secret is good no longer', () => {
  it('tells that a newer password replaced it, and the newer one is the one that works', async () => {
    const { world, codeOf, show } = sit();
    const first = await codeOf('user add sup1');
    const other = await codeOf('user add sup2');
    const second = await codeOf('user password sup1');
    expect(await show(first)).toBe('E_SECRET_REPLACED');
    expect(await show(first)).toBe('E_SECRET_REPLACED');
    expect(await show(second)).toBe(world.users.get(sup1).password);
    expect(await show(other)).toBe(world.users.get(parseLocalpart('sup2')).password);
    world.close();
  });

  it('stays good where the newer password was not set', async () => {
    const { world, type, codeOf, show } = sit();
    const code = await codeOf('user add sup1');
    const refused = new AppError('E_ADMIN_API_ANSWER', { status: 400 });
    world.users.failNext = { error: refused, done: false, times: 1 };
    await type('user password sup1');
    expect(await show(code)).toBe(world.users.get(sup1).password);
    world.close();
  });

  it('tells that the account was deactivated, also where the answer of that was lost', async () => {
    for (const failNext of [null, { error: lost, done: true, times: 1 }]) {
      const { world, type, codeOf, show } = sit();
      const first = await codeOf('user add sup1');
      const second = await codeOf('user password sup1');
      world.users.failNext = failNext;
      await type('user deactivate sup1');
      expect(world.users.get(sup1).deactivated).toBe(true);
      expect(await show(first)).toBe('E_SECRET_REPLACED');
      expect(await show(second)).toBe('E_SECRET_DEACTIVATED');
      const back = await codeOf('user reactivate sup1');
      // To bring it back would be the wrong advice now.
      expect(await show(second)).toBe('E_SECRET_REPLACED');
      expect(await show(back)).toBe(world.users.get(sup1).password);
      world.close();
    }
  });

  it('tells that the token was revoked; that of another token opens it', async () => {
    const { world, type, codeOf, show } = sit();
    const made = await type('token create');
    const code = sealedCodeOf(made)?.code ?? '';
    const other = await codeOf('token create');
    const fields = made.flatMap((node) => (node.type === 'fields' ? node.fields : []));
    const handle = fields.find(({ id }) => id === 'handle')?.value;
    await type(`token revoke ${translate(handle ?? '', 'en')}`);
    expect(await show(code)).toBe('E_SECRET_REVOKED');
    expect(await show(other)).not.toMatch(/^E_/);
    world.close();
  });
});
