import fc from 'fast-check';

/** Of `npm test`, which asks on the lowest supported Node only whether it works there at all. */
const part = process.env['URTC_SOAK'] === 'glance' ? 5 : 1;

/** How often a property is tried: a fifth on the lowest supported Node, as chance is tried on the shipped one. */
export const propertyRuns = (full: number): number => Math.ceil(full / part);

// Where a property names no number: fast-check's default.
fc.configureGlobal({ numRuns: propertyRuns(100) });
