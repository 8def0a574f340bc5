import { renameSync, rmSync, existsSync } from 'node:fs';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import { readCryptoDevice } from '../../platform/store/crypto-device.ts';
import type { Database } from '../../platform/store/database.ts';
import { openDevice } from '../../platform/store/device.ts';

/** The file of a device that is no more, out of the way. */
export interface SetAside {
  readonly file: string;
  /** Null: it was too damaged to tell. */
  readonly deviceId: string | null;
}

/** SQLite's own names for what belongs to a file. */
const ends = ['', '-wal', '-shm'] as const;

/**
 * Opens the file of this device. One that holds the keys of another device, or that can't be opened,
 * is renamed first: nobody can use its keys with the present token. Call it only for whoever has
 * proven to be the owner of the identity. Throws what `openDevice` throws.
 */
export function openFittingDevice(
  file: string,
  { self, deviceId }: { readonly self: UserId; readonly deviceId: string },
): { readonly device: Database; readonly setAside: SetAside | null } {
  const found = look(file);
  if (found !== 'damaged') {
    const { device, known } = found;
    if (known === null || (known.user === self && known.deviceId === deviceId)) {
      return { device, setAside: null };
    }
    device.close();
  }
  const aside = `${file}.old`;
  for (const end of ends) {
    rmSync(`${aside}${end}`, { force: true });
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${aside}${end}`);
  }
  const old = found === 'damaged' ? null : (found.known?.deviceId ?? null);
  return { device: openDevice(file), setAside: { file: aside, deviceId: old } };
}

function look(file: string) {
  let device: Database | null = null;
  try {
    device = openDevice(file);
    return { device, known: readCryptoDevice(device) };
  } catch (error) {
    device?.close();
    if (error instanceof AppError && error.code === 'E_CRYPTO_STORE_CORRUPT') return 'damaged';
    throw error;
  }
}
