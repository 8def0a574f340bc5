/** `append-audit.ts FOLDER`: appends lines until it is killed, and says each one's number after. */
import { writeSync } from 'node:fs';
import { AuditChain } from '../../../../../src/platform/store/audit-chain.ts';
import { openState } from '../../../../../src/platform/store/state.ts';
import { testMasterKey } from '../state-folder.ts';

const database = openState(process.argv[2] ?? '');
const chain = new AuditChain(database, testMasterKey());
writeSync(1, 'ready\n');
for (let bounded = 0; bounded < 1_000_000; bounded += 1) {
  const { sequence } = chain.append({
    at: Date.now(),
    actor: 'local',
    event: null,
    job: null,
    line: 'status',
    decision: 'allowed',
    result: 'ok',
    durationMs: null,
  });
  writeSync(1, `${sequence}\n`);
}
