import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/commands/actor.ts';
import { authorise, roleOverrides, withRoles } from '../../../src/commands/authorise.ts';
import { parseUserId } from '../../../src/core/ids.ts';
import { caught } from './caught.ts';
import { add, exampleIndex, list, show } from './example-commands.ts';

const viewer: Actor = { kind: 'person', user: parseUserId('@eve:x.org'), rank: 'viewer' };
const admin: Actor = { kind: 'person', user: parseUserId('@anna:x.org'), rank: 'admin' };
const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };

describe('[#12] roles', () => {
  it('lets whoever has the role, or a higher one', () => {
    expect(() => authorise(list, viewer, 'room')).not.toThrow();
    expect(() => authorise(add, admin, 'room')).not.toThrow();
    expect(caught(() => authorise(add, viewer, 'room'))).toMatchObject({
      code: 'E_ROLE_TOO_LOW',
      params: {
        command: 'user add',
        needed: { key: 'role.operator' },
        role: { key: 'role.viewer' },
      },
    });
  });

  it('keeps the commands of the terminal there, whatever the role', () => {
    expect(() => authorise(show, root, 'terminal')).not.toThrow();
    expect(caught(() => authorise(show, admin, 'room')).code).toBe('E_TERMINAL_ONLY');
    const lowered = { ...show, role: 'viewer' } as const;
    expect(caught(() => authorise(lowered, admin, 'room')).code).toBe('E_TERMINAL_ONLY');
  });

  it('can be raised and lowered by the config', () => {
    const overrides = roleOverrides(
      exampleIndex,
      { 'user add': 'viewer', 'user list': 'admin' },
      'f',
    );
    const roles = withRoles(exampleIndex.commands, overrides).map((command) => command.role);
    expect(roles).toEqual(['viewer', 'admin', 'viewer', 'owner']);
  });

  it('a slip in the config is an error that names the nearest command', () => {
    expect(
      caught(() => roleOverrides(exampleIndex, { 'user ad': 'admin' }, 'urtc.yaml')),
    ).toMatchObject({
      code: 'E_CONFIG_INVALID',
      params: {
        file: 'urtc.yaml',
        place: 'roles.user ad',
        reason: { key: 'settings.reason.command', params: { nearest: 'user add' } },
      },
    });
  });
});
