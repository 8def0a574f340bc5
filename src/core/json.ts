import { z } from 'zod';

/** What JSON can hold; checkpoints, plans and stored reports are made of it. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** An object of {@link Json}. */
export type JsonObject = Readonly<Record<string, Json>>;

/** Tells lists from objects (`Array.isArray` does not narrow read-only lists). */
export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Checks that a parsed value is a JSON object. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/**
 * JSON with sorted keys and no white space: equal values give equal text, so that it can be hashed
 * and compared (the idea of RFC 8785, for the values that we write ourselves).
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value);
}
