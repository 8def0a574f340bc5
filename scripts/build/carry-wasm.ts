import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

const loader = /matrix-sdk-crypto-wasm[/\\]node\.mjs$/;
const file = 'pkg/matrix_sdk_crypto_wasm_bg.wasm';

/** Puts the WASM beside the part that loads it: it looks for the file next to itself. */
export function carryWasm(): Plugin {
  return {
    name: 'carry-wasm',
    transform: {
      filter: { id: loader },
      handler(_code, id) {
        const source = readFileSync(join(dirname(id), file));
        this.emitFile({ type: 'asset', fileName: `parts/${file}`, source });
        return null;
      },
    },
  };
}
