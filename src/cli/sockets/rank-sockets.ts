import { AppError } from '../../core/errors.ts';
import { roles } from '../../core/roles.ts';
import { say } from '../../core/text.ts';
import type { Config } from '../../platform/config/config.ts';
import { groupId } from './group.ts';
import type { RankSocket } from './listen.ts';

/**
 * The sockets that the config asks for: the owner's always, one of a role only where a group is
 * named for it. Throws `E_CONFIG_INVALID` for a group that this machine does not have.
 */
export function rankSockets({ file, settings }: Config): readonly RankSocket[] {
  const named = roles.flatMap((rank): RankSocket[] => {
    const name = settings.terminal.groups[rank];
    if (name === null) return [];
    const id = groupId(name);
    if (id !== null) return [{ rank, groupId: id }];
    const place = `terminal.groups.${rank}`;
    throw new AppError('E_CONFIG_INVALID', { file, place, reason: say('settings.reason.group') });
  });
  return [{ rank: 'owner', groupId: null }, ...named];
}
