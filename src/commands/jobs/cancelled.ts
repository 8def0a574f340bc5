/** Why a running job is told to stop: somebody asked for it. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  /** Who asked. */
  readonly by: string;

  constructor(by: string) {
    super(`cancelled by ${by}`);
    this.by = by;
  }
}
