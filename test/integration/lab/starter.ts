/** Starts a Synapse, says its process id and lives on until it is killed. */
import { startSynapse } from '../../lab/synapse/server.ts';

const [folder = ''] = process.argv.slice(2);
const { pid } = await startSynapse({ limits: 'off', folder });
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 60_000);
