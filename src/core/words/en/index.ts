import { common } from './common.ts';
import { errors } from './errors.ts';

/** All words of this language; one file per area. */
export const words = { ...common, ...errors } as const;
