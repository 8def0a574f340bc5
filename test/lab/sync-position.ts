import { DatabaseSync } from 'node:sqlite';
import { LabError } from './failure.ts';

/**
 * A stopped bot forgets up to where it has read, and nothing else: the keys in the same file stay.
 * (A bot whose keys are lost does not start at all before it is told to.)
 *
 * @param file Its `device.sqlite`.
 */
export const losePosition = (file: string): void => {
  const database = new DatabaseSync(file, { readOnly: false });
  try {
    const { changes } = database.prepare('DELETE FROM sync_position').run();
    database.exec('DELETE FROM room_tail');
    if (Number(changes) === 0) throw new LabError(`${file} has no position`);
  } finally {
    database.close();
  }
};
