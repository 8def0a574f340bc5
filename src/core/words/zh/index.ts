import { common } from './common.ts';
import { errors } from './errors.ts';
import { render } from './render.ts';
import { values } from './values.ts';
import { daemon } from './daemon.ts';

/** All words of this language; one file per area. */
export const words = {
  ...common,
  ...errors,
  ...render,
  ...values,
  ...daemon,
} as const;
