/**
 * What the test lab throws: a cause and what to do next, in plain English (the product's word
 * catalogues are not for the lab).
 */
export class LabError extends Error {
  override name = 'LabError';
}

/** The text of anything that was thrown. */
export const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
