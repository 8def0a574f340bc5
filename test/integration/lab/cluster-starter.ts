/** Starts a cluster, tells the ids of its processes and lives on until it is killed. */
import { execFileSync } from 'node:child_process';
import { startCluster } from '../../lab/kubernetes/cluster.ts';

await startCluster({ name: 'orphans', metrics: false });
const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)]).toString();
const parts = children.split('\n').filter((line) => /kine|kube|kwok/.test(line));
process.stdout.write(`${parts.map((line) => line.trim().split(' ')[0] ?? '').join(' ')}\n`);
setInterval(() => undefined, 60_000);
