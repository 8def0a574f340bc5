import { z } from 'zod';

const withEnum = z.object({ enum: z.array(z.string()) });

/** The values that a schema takes where it takes only a few; empty where it takes any text. */
export function choicesOf(schema: z.ZodType): readonly string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const result = withEnum.safeParse(json);
  return result.success ? result.data.enum : [];
}
