import { z } from 'zod';
import type { AdminApi } from '../../platform/synapse/admin-api.ts';
import { refusedAnswer } from '../../platform/synapse/failure.ts';

const page = z.object({
  // Null for who has begun an upload and sent nothing: an mxc address can be had before its file.
  users: z.array(z.object({ media_length: z.number().nullable() })),
  next_token: z.number().optional(),
});

const pageSize = 500;
const mostPages = 40;

/**
 * Bytes of all media that people of this home server have uploaded, and of the previews of links that
 * they have sent (Synapse docs, admin API, statistics, users' media). Remote media and thumbnails are
 * not in it. Throws what the admin API throws.
 */
export async function mediaBytes(
  adminApi: Pick<AdminApi, 'ask'>,
  signal: AbortSignal,
): Promise<number> {
  let sum = 0;
  let from = 0;
  for (let read = 0; read < mostPages; read += 1) {
    const answer = await adminApi.ask(page, {
      method: 'GET',
      path: '/_synapse/admin/v1/statistics/users/media',
      query: { limit: String(pageSize), from: String(from), order_by: 'media_length', dir: 'b' },
      signal,
    });
    if (!answer.ok) throw refusedAnswer(answer);
    const { users, next_token: next } = answer.value;
    sum += users.reduce((all, { media_length: bytes }) => all + (bytes ?? 0), 0);
    if (next === undefined) return sum;
    from = next;
  }
  // The largest come first, so what is missing is small.
  return sum;
}
