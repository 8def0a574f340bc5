import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFittingDevice } from '../../../../src/bot/daemon/fitting-device.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import {
  readCryptoDevice,
  writeCryptoDevice,
} from '../../../../src/platform/store/crypto-device.ts';
import { openDevice } from '../../../../src/platform/store/device.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

const user = parseUserId('@bot:lab.test');
const self = user;

test('the file of another device is set aside with all that belongs to it, that of this one stays', () => {
  const file = join(tempFolder(), 'device.sqlite');
  for (const deviceId of ['FIRST', 'SECOND', 'THIRD']) {
    const { device, setAside } = openFittingDevice(file, { self, deviceId });
    const before = { FIRST: null, SECOND: 'FIRST', THIRD: 'SECOND' }[deviceId] ?? null;
    expect(setAside?.deviceId ?? null).toBe(before);
    expect(readCryptoDevice(device)).toBeNull();
    writeCryptoDevice(device, { user, deviceId, fingerprint: null });
    device.close();
  }
  const { device, setAside } = openFittingDevice(file, { self, deviceId: 'THIRD' });
  expect(setAside).toBeNull();
  expect(readCryptoDevice(device)?.deviceId).toBe('THIRD');
  device.close();
  const old = openDevice(`${file}.old`);
  expect(readCryptoDevice(old)?.deviceId).toBe('SECOND');
  old.close();
});

test('one that can not be opened is set aside as it is', () => {
  const file = join(tempFolder(), 'device.sqlite');
  writeFileSync(file, 'x'.repeat(8192));
  const { device, setAside } = openFittingDevice(file, { self, deviceId: 'FIRST' });
  device.close();
  expect(setAside).toEqual({ file: `${file}.old`, deviceId: null });
  expect(readFileSync(`${file}.old`, 'utf8')).toBe('x'.repeat(8192));
});
