import { AppError } from '../../../core/errors.ts';
import { say, type Text } from '../../../core/text.ts';
import type { ArchiveSink } from '../../../ops/bundle/archive.ts';
import type { BundleDesk } from '../../../ops/bundle/bundle-desk.ts';
import { MemoryBundle } from '../../../ops/bundle/memory-bundle.ts';
import type { Context } from '../../command.ts';

/** Where a bundle goes. */
export type Place = 'server' | 'room';

/** Where it goes, and why it is not where it was asked for. */
export interface Choice {
  readonly place: Place;
  readonly insteadOfRoom: Text | null;
}

const mebibyte = 1024 * 1024;
/** It passes memory and store on its way; every home server takes that much. */
const mostInRoom = 8 * mebibyte;
const mostOnServer = 32 * mebibyte;
/** A bundle takes at most this part of what the disk has left. */
const partOfDisk = 4;
/** With less there would be nothing but reports in it. */
const leastBytes = mebibyte;

/**
 * Into the room where it was asked for, if that is encrypted; on the server else. What is in a
 * bundle is for few: a plain room shows its files to whoever runs the home server or its media store.
 */
export function chooseDestination(
  { surface, speech }: Pick<Context<'speech'>, 'surface' | 'speech'>,
  asked: Place | undefined,
): Choice {
  const wanted = asked ?? (surface === 'room' ? 'room' : 'server');
  if (wanted === 'server') return { place: 'server', insteadOfRoom: null };
  if (surface === 'terminal') {
    return { place: 'server', insteadOfRoom: say('bundle.instead.terminal') };
  }
  return speech.isSealed
    ? { place: 'room', insteadOfRoom: null }
    : { place: 'server', insteadOfRoom: say('bundle.instead.plain') };
}

/** A bundle under way to its place. */
export interface Delivery {
  readonly sink: ArchiveSink;
  readonly mostBytes: number;
  /** It is whole. Path on the server, or the file for the room. */
  finish(): Promise<{ readonly path: string } | { readonly content: Uint8Array }>;
  /** Leaves nothing behind; after {@link Delivery.finish} it does nothing. */
  drop(): Promise<void>;
}

/** Opens the way. Throws `E_BUNDLE_NO_ROOM`, `E_BUNDLE_UNWRITABLE`. */
export async function openDelivery(
  place: Place,
  { shelf }: BundleDesk,
  name: string,
): Promise<Delivery> {
  if (place === 'room') {
    const memory = new MemoryBundle();
    return {
      sink: memory,
      mostBytes: mostInRoom,
      finish: () => Promise.resolve({ content: memory.take() }),
      drop: () => {
        memory.take();
        return Promise.resolve();
      },
    };
  }
  const free = await shelf.freeBytes();
  const mostBytes = free === null ? mostOnServer : Math.min(mostOnServer, free / partOfDisk);
  if (mostBytes < leastBytes)
    throw new AppError('E_BUNDLE_NO_ROOM', { free: { bytes: free ?? 0 } });
  const bundle = await shelf.begin(name);
  return {
    sink: bundle,
    mostBytes: Math.floor(mostBytes),
    finish: async () => ({ path: await bundle.keep() }),
    drop: () => bundle.drop(),
  };
}
