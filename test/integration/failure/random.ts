import { dice } from '../../lab/proxy/rules.ts';

/** Chance that can be repeated: `URTC_SOAK_SEED` sets the seed, which is printed. */
export interface Chance {
  readonly seed: number;
  /** 0 or more, less than 1. */
  roll(): number;
  /** A whole number, `from` and `to` among them. */
  between(from: number, to: number): number;
  pick<Thing>(things: readonly [Thing, ...Thing[]]): Thing;
}

/** Seeded dice for a test with random faults. */
export const chanceFor = (what: string): Chance => {
  const given = Number(process.env['URTC_SOAK_SEED']);
  const seed = Number.isInteger(given) && given > 0 ? given : Date.now() % 1_000_000_007;
  process.stdout.write(`${what}: URTC_SOAK_SEED=${seed}\n`);
  const roll = dice(seed);
  const between = (from: number, to: number): number => from + Math.floor(roll() * (to - from + 1));
  return {
    seed,
    roll,
    between,
    pick: (things) => things[between(0, things.length - 1)] ?? things[0],
  };
};
