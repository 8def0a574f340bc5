import type { Command } from '../command.ts';
import { botApprove } from './bot/approve.ts';
import { botIdentity } from './bot/identity.ts';
import { botPeople } from './bot/people.ts';
import { botRecoveryKey } from './bot/recovery-key.ts';
import { botReplaceRecoveryKey } from './bot/replace-recovery-key.ts';
import { botVerify } from './bot/verify.ts';

/** Commands about the bot's identity in encrypted rooms and those of people. */
export const botCommands: readonly Command[] = [
  botIdentity,
  botPeople,
  botApprove,
  botRecoveryKey,
  botReplaceRecoveryKey,
  botVerify,
];
