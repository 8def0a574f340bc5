import type { ComponentKind, Scaling } from './component-kind.ts';

const free: Scaling = { is: 'free' };
const single: Scaling = { is: 'single', why: 'component.single.worker' };

/**
 * The 23 worker types of the chart by their key in the values, whether more than one process of
 * the type is allowed (Synapse docs, workers; day 2 facts §8), and the short name that the chart
 * uses for objects where it has one.
 */
const types: readonly (readonly [key: string, scaling: Scaling, shortName?: string])[] = [
  ['account-data', single],
  ['appservice', single],
  ['background', single],
  ['client-reader', free],
  ['device-lists', free],
  ['encryption', single],
  ['event-creator', free],
  ['event-persister', free, 'event-persist'],
  ['federation-inbound', free, 'fed-inbound'],
  ['federation-reader', free, 'fed-reader'],
  ['federation-sender', free, 'fed-sender'],
  ['initial-synchrotron', free, 'initial-sync'],
  ['mas-helper', free],
  ['media-repository', single, 'media-repo'],
  ['presence-writer', single, 'presence-write'],
  ['push-rules', single],
  ['pusher', free],
  ['receipts', free],
  ['sliding-sync', free],
  ['sso-login', single],
  ['synchrotron', free],
  ['typing-persister', single, 'typing'],
  ['user-dir', single],
];

/** Synapse's worker types as components. */
export const synapseWorkers: readonly ComponentKind[] = types.map(([key, scaling, shortName]) => {
  const forms = [key, ...(shortName === undefined ? [] : [shortName])];
  const names = forms.map((form) => `synapse-${form}`);
  return {
    key,
    title: `Synapse ${key}`,
    aliases: [...forms.filter((form) => form !== key), ...names],
    names,
    container: 'synapse',
    values: `synapse.workers.${key}`,
    scaling,
    startOrder: 2,
    isWorker: true,
  };
});
