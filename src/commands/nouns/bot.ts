import type { Command } from '../command.ts';
import { botAcceptAudit } from './bot/accept-audit.ts';
import { botApprove } from './bot/approve.ts';
import { botIdentity } from './bot/identity.ts';
import { botPeople } from './bot/people.ts';
import { botRecoveryKey } from './bot/recovery-key.ts';
import { botReplaceRecoveryKey } from './bot/replace-recovery-key.ts';
import { botVerify } from './bot/verify.ts';

/** What the server's owner does with the bot itself: identities in encrypted rooms, keys, its log. */
export const botCommands: readonly Command[] = [
  botIdentity,
  botPeople,
  botApprove,
  botRecoveryKey,
  botReplaceRecoveryKey,
  botVerify,
  botAcceptAudit,
];
