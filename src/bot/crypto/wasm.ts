import type * as Wasm from '@matrix-org/matrix-sdk-crypto-wasm';

/** The crypto library of the Matrix Rust SDK, once it is loaded. */
export type CryptoLibrary = typeof Wasm;

/**
 * Loads the library and its WASM (8 MB) the first time; it reads a file beside it and nothing from
 * the network. The store looks for `indexedDB` on `globalThis`, so install that first.
 */
export async function loadCrypto(): Promise<CryptoLibrary> {
  const library = await import('@matrix-org/matrix-sdk-crypto-wasm');
  await library.initAsync();
  return library;
}
