import type { Command } from '../command.ts';
import { tokenCreate } from './token/create.ts';
import { tokenList } from './token/list.ts';
import { tokenRevoke } from './token/revoke.ts';

/** `token …`: registration tokens of the home server. */
export const tokenCommands: readonly Command[] = [tokenCreate, tokenList, tokenRevoke];
