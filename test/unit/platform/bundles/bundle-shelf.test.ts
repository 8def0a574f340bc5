import {
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BundleShelf,
  keptBundleMs,
  keptBundles,
} from '../../../../src/platform/bundles/bundle-shelf.ts';
import { tempFolder } from '../store/temp-folder.ts';

const now = Date.UTC(2026, 10, 22, 12);
const day = 86_400_000;

function setUp() {
  const folder = join(tempFolder(), 'bundles');
  const put = (name: string, at: number): void => {
    writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, name), at / 1000, at / 1000);
  };
  return { folder, shelf: new BundleShelf(folder), put };
}

const nameOf = (nth: number): string => `urtc-bundle-20261122T12000${nth}Z.tar.gz`;

describe('the shelf of bundles', () => {
  it('has a bundle under its name once it is whole, for our user alone', async () => {
    const { folder, shelf } = setUp();
    const name = shelf.nameFor(now);
    expect(name).toBe('urtc-bundle-20261122T120000Z');
    const bundle = await shelf.begin(name);
    await bundle.write(Buffer.from('whole'));
    expect(readdirSync(folder)).toEqual([`.${name}.part`]);
    expect(statSync(join(folder, `.${name}.part`)).mode & 0o777).toBe(0o600);
    const path = await bundle.keep();
    expect(path).toBe(join(folder, `${name}.tar.gz`));
    expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
    await bundle.drop();
    expect(readdirSync(folder)).toEqual([`${name}.tar.gz`]);
    expect(shelf.nameFor(now)).toBe(`${name}-2`);
  });

  it('has nothing left of one that was given up', async () => {
    const { folder, shelf } = setUp();
    const bundle = await shelf.begin('urtc-bundle-x');
    await bundle.write(Buffer.from('half'));
    await bundle.drop();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says where it can not write', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    await expect(new BundleShelf(join(file, 'bundles')).begin('x')).rejects.toMatchObject({
      code: 'E_BUNDLE_UNWRITABLE',
    });
  });

  it('keeps the newest, each for its time, and removes what a dead process left', () => {
    const { folder, shelf, put } = setUp();
    shelf.tidy(now);
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    for (let nth = 0; nth < keptBundles + 2; nth += 1) put(nameOf(nth), now - nth * 1000);
    put('urtc-bundle-20261101T120000Z.tar.gz', now - keptBundleMs - day);
    put('.urtc-bundle-20261122T115959Z.part', now);
    shelf.tidy(now);
    const kept = Array.from({ length: keptBundles }, (_, nth) => nameOf(nth));
    expect(readdirSync(folder).sort()).toEqual(kept);
    shelf.tidy(now + keptBundleMs + 1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('touches nothing that is not its own', () => {
    const { folder, shelf, put } = setUp();
    mkdirSync(folder);
    put('notes.txt', 0);
    put('urtc-bundle-mine.tar.gz', 0);
    mkdirSync(join(folder, nameOf(1)));
    const elsewhere = join(tempFolder(), 'kept');
    writeFileSync(elsewhere, 'x');
    symlinkSync(elsewhere, join(folder, nameOf(2)));
    shelf.tidy(now);
    expect(readdirSync(folder)).toHaveLength(4);
    expect(existsSync(elsewhere)).toBe(true);
  });
});
