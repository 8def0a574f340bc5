import { z } from 'zod';
import type { PlainClient } from '../../lab/client.ts';

const device = z.looseObject({ keys: z.record(z.string(), z.string()) });
const answer = z.object({
  device_keys: z.record(z.string(), z.record(z.string(), device)).default({}),
});

/** Device id → fingerprint (ed25519) of all devices of a user that the home server shows. */
export async function shownDevices(
  asking: PlainClient,
  user: string,
): Promise<Record<string, string>> {
  const path = '/_matrix/client/v3/keys/query';
  const body = { device_keys: { [user]: [] } };
  const found = answer.parse(await asking.request({ method: 'POST', path, body }));
  const shown = Object.entries(found.device_keys[user] ?? {});
  return Object.fromEntries(shown.map(([id, { keys }]) => [id, keys[`ed25519:${id}`] ?? '']));
}
