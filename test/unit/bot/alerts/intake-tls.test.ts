import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createIntakeServer } from '../../../../src/bot/alerts/intake-server.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { rememberingLog } from '../quiet-log.ts';
import { posted } from './payloads.ts';

/** A certificate for 127.0.0.1 that has signed itself. */
function certificate() {
  const folder = tempFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=lab', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, ...files], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

it('[#12] with a CA for senders, only who shows a certificate of it and the bearer is let in, and who is not is counted', async () => {
  const own = certificate();
  const sender = certificate();
  const { server, counts } = createIntakeServer({
    ...{ token: new Secret('right'), clock: systemClock, log: rememberingLog().log },
    tls: { ...own, ca: sender.cert },
    accept: () => Promise.resolve(),
  });
  onTestFinished(() => server.close());
  const address = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const post = async (client: object, token = 'right'): Promise<number | string> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const call = request(new URL('/alerts/alertmanager', address), {
      ...{ method: 'POST', ca: own.cert, agent: false, headers },
      ...client,
    });
    call.end(JSON.stringify(posted()));
    const [end] = await Promise.race([
      once(call, 'response'),
      once(call, 'error').then(() => ['refused'] as const),
    ]).catch(() => ['refused'] as const);
    if (end === 'refused') return 'refused';
    const status: unknown = Reflect.get(Object(end), 'statusCode');
    call.destroy();
    return typeof status === 'number' ? status : 'refused';
  };
  expect(await post(sender)).toBe(200);
  expect(await post(sender, 'wrong')).toBe(403);
  expect(counts.refused).toBe(1);
  expect(await post({})).toBe('refused');
  await expect.poll(() => counts.refused).toBe(2);
  expect(await post(certificate())).toBe('refused');
  await expect.poll(() => counts.refused).toBe(3);
  // Somebody who only knocks is none of them.
  const knocking = connect(Number(address.port), '127.0.0.1');
  knocking.end();
  await once(knocking, 'close');
  expect(await post(sender)).toBe(200);
  expect(counts.refused).toBe(3);
});
