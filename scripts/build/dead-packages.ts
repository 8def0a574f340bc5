import type { Plugin } from 'rolldown';

/**
 * Packages that those parts of matrix-bot-sdk import which we use, for something that we replace:
 * its HTTP goes through our own transport, not through the abandoned `request`. Importing one yields
 * a stub; using it throws. Nothing else of the SDK's dependencies may get into the bundle (the test
 * of the package looks).
 */
export const deadPackages: readonly string[] = ['request'];

const prefix = '\0dead:';

const stub = (name: string): string => `
const refuse = () => {
  throw new Error(${JSON.stringify(`${name} is not part of urtc: nothing may call it`)});
};
module.exports = new Proxy(function () {}, {
  apply: refuse,
  construct: refuse,
  get: (target, key) =>
    key === '__esModule' || key === 'default' || key === 'then' || key === 'prototype' || typeof key === 'symbol'
      ? Reflect.get(target, key)
      : refuse(),
});
`;

/** Puts a stub in the place of each of {@link deadPackages} where matrix-bot-sdk asks for it. */
export function buryDeadPackages(): Plugin {
  return {
    name: 'bury-dead-packages',
    resolveId(source, importer) {
      const dead =
        deadPackages.includes(source) &&
        importer?.includes('/node_modules/matrix-bot-sdk/') === true;
      return dead ? { id: `${prefix}${source}`, moduleSideEffects: false } : null;
    },
    load(id) {
      return id.startsWith(prefix)
        ? { code: stub(id.slice(prefix.length)), moduleType: 'js' }
        : null;
    },
  };
}
