import { AppError } from '../core/errors.ts';
import { say } from '../core/text.ts';
import { systemReason } from '../platform/system-failure.ts';

/**
 * What to tell about a folder that the bot's user can't make or use: `E_CONFIG_INVALID` for the
 * setting `place`. What is no failure of the file system is thrown on.
 */
export function folderProblem(error: unknown, place: string, folder: string): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error;
  const cause = error.code === 'ENOENT' ? say('system.unmakeable') : systemReason(error);
  const reason = say('settings.reason.folder', { cause });
  return new AppError('E_CONFIG_INVALID', { file: folder, place, reason }, error);
}
