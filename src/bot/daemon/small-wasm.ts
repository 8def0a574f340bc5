import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from compiling WebAssembly a second time, for speed: what that costs is memory that is
 * never given back. The bot runs two, the HTTP parser of fetch and undici and the Matrix crypto.
 * Measured in an encrypted room, in turns, on a busy machine of two processors: with the second
 * compiler an answer came after 78 instead of 84 ms, for as much processor time (31 ms), and 141
 * instead of 125 MB were in use after one answer, 176 instead of 158 after ninety. One compiling
 * thread and a higher bar for it saved nothing of that. Twenty at once hold their target without it, on a quiet machine.
 * Call before the first request.
 */
export function keepWasmSmall(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
