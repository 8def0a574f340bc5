import { knownComponent } from '../../../src/ops/stack/find-component.ts';
import { bodyOf, editedContent, type LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';
import type { Pods, PodsOf } from '../kubernetes/pods.ts';
import type { Done, KnownDoings } from './doings.ts';

/** What `/break` can do to a component, and what it is then like. */
const troubles = {
  'crash-loop': { told: 'ends again and again', withinMs: 60_000 },
  'not-ready': {
    told: 'runs and is not ready; the bot waits a minute for that, with a pod younger than 5 minutes until then',
    withinMs: 400_000,
  },
  'image-pull': { told: 'is made anew with an image that is not to be had', withinMs: 60_000 },
  pending: { told: 'is made anew and finds no place on a node', withinMs: 60_000 },
} as const;

type Trouble = keyof typeof troubles;

const isTrouble = (word: string): word is Trouble => Object.hasOwn(troubles, word);

const breakUsage = `/break COMPONENT [${Object.keys(troubles).join('|')}]`;
const healUsage = '/heal COMPONENT';

/** The release whose pods are broken and healed. */
export interface BreakableRelease {
  readonly pods: Pick<Pods, 'list' | 'behave' | 'remove' | 'until'>;
  readonly release: string;
  readonly namespace: string;
}

/** A component of the release. */
interface Part {
  readonly of: PodsOf;
  readonly title: string;
}

const isOfIncident = (event: LabEvent): boolean =>
  (editedContent(event) ?? event.content)['io.urtc.incident'] !== undefined;

/** Whether the feed tells there that a component is in trouble, or that it was. */
const tellsOf =
  (title: string, isOver: boolean) =>
  (event: LabEvent): boolean =>
    isOfIncident(event) && bodyOf(event).includes(title) && bodyOf(event).includes('✅') === isOver;

/**
 * Breaks and heals what the bot looks after, by the names that the bot's commands take. `room`: what
 * was said there so far.
 */
export const clusterDoings = (
  { pods, release, namespace }: BreakableRelease,
  room: () => readonly LabEvent[],
): KnownDoings => {
  const broken = new Set<string>();

  const find = async (typed: string | undefined, usage: string): Promise<Part> => {
    if (typed === undefined) throw new LabError(`it is ${usage}`);
    const kind = knownComponent(typed, release);
    for (const name of kind?.names ?? []) {
      const of = { namespace, name };
      if ((await pods.list(of)).length > 0) return { of, title: kind?.title ?? name };
    }
    throw new LabError(`nothing of the name ${typed} runs here: !status tells what does`);
  };

  const breakOne = async ([typed, how = 'crash-loop']: readonly string[]): Promise<Done> => {
    const { of, title } = await find(typed, breakUsage);
    if (!isTrouble(how)) throw new LabError(`it is ${breakUsage}`);
    if (broken.has(of.name)) throw new LabError(`${title} is broken already; /heal mends it`);
    broken.add(of.name);
    await pods.behave(of, how);
    return {
      told: `${title} ${troubles[how].told}`,
      shows: tellsOf(title, false),
      withinMs: troubles[how].withinMs,
    };
  };

  const heal = async ([typed]: readonly string[]): Promise<Done> => {
    const { of, title } = await find(typed, healUsage);
    if (!broken.delete(of.name)) throw new LabError(`${title} was not broken here`);
    await pods.behave(of, 'healthy');
    // As when somebody has mended it: new pods, which have never crashed.
    const old = new Set<string>();
    for (const { metadata } of await pods.list(of)) {
      old.add(metadata.uid);
      await pods.remove(namespace, metadata.name);
    }
    const isNew = ({ metadata }: { readonly metadata: { readonly uid: string } }): boolean =>
      !old.has(metadata.uid);
    await pods.until(of, 'made anew', (now) => now.length > 0 && now.every(isNew));
    const last = room().findLast(
      (event) => tellsOf(title, false)(event) || tellsOf(title, true)(event),
    );
    const isOpen = last !== undefined && tellsOf(title, false)(last);
    return {
      told: `${title} has new pods that are well${isOpen ? '' : '; the bot had not told of it yet'}`,
      shows: isOpen ? tellsOf(title, true) : null,
      withinMs: 120_000,
    };
  };

  return {
    '/break': { usage: breakUsage, run: breakOne },
    '/heal': { usage: healUsage, run: heal },
  };
};
