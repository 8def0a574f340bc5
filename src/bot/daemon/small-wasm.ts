import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from compiling WebAssembly a second time, for speed. The only one that the bot runs is
 * the HTTP parser of fetch and undici, some kilobytes of headers per second; optimising it costs
 * 14 MB of memory that is never given back (`npm run bench -- --only memory`). Call before the first
 * request. Measure again when cryptography comes as WebAssembly.
 */
export function keepWasmSmall(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
