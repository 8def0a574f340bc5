import { z } from 'zod';

/** What the API server answers instead of an object (meta/v1 Status). */
export const statusSchema = z.object({
  kind: z.literal('Status').optional(),
  status: z.string().default(''),
  message: z.string().default(''),
  reason: z.string().default(''),
  code: z.number().default(0),
  details: z
    .object({
      name: z.string().default(''),
      kind: z.string().default(''),
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().default(''),
          }),
        )
        .nullish()
        .transform((causes) => causes ?? []),
    })
    .nullish(),
});

/** {@link statusSchema}, parsed. */
export type Status = z.output<typeof statusSchema>;

/** The Status in an answer's text; null where it holds none. */
export function readStatus(text: string): Status | null {
  try {
    const parsed = statusSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
