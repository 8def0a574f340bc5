import { NotifyDesk } from '../../../src/ops/notify/notify-desk.ts';
import type { Clock } from '../../../src/platform/clock.ts';

/** The desk of a bot whose config names no channel. */
export const noChannels = (clock: Clock): NotifyDesk => new NotifyDesk([], clock);
