import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { startLoopbackServer } from '../../lab/alerts/loopback-server.ts';
import { requestJson, route } from '../../lab/http.ts';
import { freePort } from '../../lab/ports.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { writeSynapseConfig } from '../../lab/synapse/config.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { databaseTemplate } from '../../lab/synapse/template.ts';
import { askedInVain, readExposed } from './rules/exposed.ts';

/** A Synapse as it is started anywhere: those of the lab have no listener for metrics. */
const startPlainSynapse = async (folder: string) => {
  const installation = await installSynapse();
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  copyFileSync(await databaseTemplate(installation), join(folder, 'homeserver.db'));
  const file = writeSynapseConfig({ folder, port, limits: 'off' });
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const resources = [{ names: ['client', 'metrics'], compress: false }];
  const listeners = [{ port, bind_addresses: ['127.0.0.1'], type: 'http', resources }];
  writeFileSync(file, JSON.stringify({ ...config, listeners, enable_metrics: true }));
  return startLoopbackServer({
    ...{ name: 'synapse', folder, url: `http://127.0.0.1:${port}` },
    ...{ readyPath: '/_matrix/client/versions', program: installation.python },
    args: ['-m', 'synapse.app.homeserver', '-c', file],
    timeoutMs: 120_000,
  });
};

it.runIf(process.env['URTC_SOAK'] === '1')(
  'soak: [#18] what the rules ask of Synapse, Synapse shows: names, labels, and the servlet that sends',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'urtc-synapse-metrics-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const synapse = await startPlainSynapse(folder);
    onTestFinished(() => synapse.kill());
    const { accessToken: token } = await register(synapse.url, { localpart: 'anna' });
    const made = await requestJson(synapse.url, {
      ...{ method: 'POST', path: '/_matrix/client/v3/createRoom', token, body: {} },
    });
    const room = z.object({ room_id: z.string() }).parse(made).room_id;
    await requestJson(synapse.url, {
      method: 'PUT',
      path: route`/_matrix/client/v3/rooms/${room}/send/m.room.message/1`,
      ...{ token, body: { msgtype: 'm.text', body: 'a message' } },
    });
    const page = await (await fetch(`${synapse.url}/_synapse/metrics`)).text();
    const { asked, missing } = askedInVain('synapse_|python_twisted_|process_', readExposed(page));
    expect(missing).toEqual([]);
    expect(asked).toBeGreaterThan(12);
  },
  180_000,
);
