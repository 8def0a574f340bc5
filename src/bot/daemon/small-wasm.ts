import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from compiling WebAssembly a second time, for speed: what that costs is memory that is
 * never given back. The bot runs two, the HTTP parser of fetch and undici and the Matrix crypto.
 * Measured with both, in turns (`npm run bench -- --only encrypted`, two processors): an answer in an
 * encrypted room came after 84 ms, with the second compiler after 78 ms, for 31 and 32 ms of
 * processor time; after one answer 125 and 142 MB were in use, after ninety 158 and 176 MB, of the 170
 * that are allowed at rest. One compiling thread and a higher bar for it saved 2 MB of that. Call
 * before the first request.
 */
export function keepWasmSmall(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
