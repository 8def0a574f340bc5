'use strict';
/*
 * Stands in for the native crypto package, whose install script fetches a binary. matrix-bot-sdk
 * imports it even where nothing is encrypted; importing is fine, any use is a defect of ours.
 */
const name = '@matrix-org/matrix-sdk-crypto-nodejs';

function refuse(what) {
  throw new Error(`${name} is a stub here: ${what} must not be used (encryption has its own port)`);
}

module.exports = new Proxy(
  {},
  {
    get(target, key) {
      /* Asked by module loaders on import. */
      if (key === '__esModule' || key === 'default' || key === 'then' || typeof key === 'symbol') {
        return undefined;
      }
      return refuse(String(key));
    },
    has: () => false,
    ownKeys: () => [],
  },
);
