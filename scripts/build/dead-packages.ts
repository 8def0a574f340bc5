import type { Plugin } from 'rolldown';

/**
 * Packages that matrix-bot-sdk imports for parts of it that we never call (application services,
 * its own storages, its HTTP by the abandoned `request`, quoting replies). Importing one yields a
 * stub; using it throws.
 */
export const deadPackages: readonly string[] = [
  'async-lock',
  'better-sqlite3',
  'chalk',
  'express',
  'glob-to-regexp',
  'hash.js/lib/hash/sha/256',
  'hash.js/lib/hash/sha/512',
  'html-to-text',
  'htmlencode',
  'lowdb',
  'lowdb/adapters/FileSync',
  'mkdirp',
  'morgan',
  'postgres',
  'request',
  'request-promise',
  'sanitize-html',
];

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
