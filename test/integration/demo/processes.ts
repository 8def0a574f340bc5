import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { until } from '../../lab/wait.ts';

/** A process that cannot be taken for a later one with the same number. */
export interface Running {
  readonly pid: number;
  /** Clock ticks since the machine was started (proc(5), field 22 of stat). */
  readonly startedAt: string;
  readonly command: string;
}

interface Stat extends Running {
  readonly parent: number;
  readonly state: string;
}

const statOf = (pid: number): Stat | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets; what follows its last bracket is fixed.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const [state = '', parent = ''] = fields;
    return { pid, parent: Number(parent), state, startedAt: fields[19] ?? '', command };
  } catch (error) {
    // It ended while it was looked at.
    if (!existsSync(`/proc/${pid}`)) return undefined;
    throw error;
  }
};

/** All processes below this one, children before their children. */
export const descendants = (pid: number): Running[] => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined);
  const found: Stat[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter((stat) => parents.has(stat.parent));
    found.push(...children);
    parents = new Set(children.map((stat) => stat.pid));
  }
  return found;
};

/** Whether it has not ended. One that nobody has asked for its end yet (a zombie) has. */
export const isAlive = ({ pid, startedAt }: Running): boolean => {
  const stat = statOf(pid);
  return stat !== undefined && stat.startedAt === startedAt && stat.state !== 'Z';
};

/** Waits until all of them have ended. @throws LabError naming those that have not. */
export const allGone = async (processes: readonly Running[], timeoutMs = 60_000): Promise<void> => {
  const names = processes.map(({ pid, command }) => `${pid} ${command}`).join('\n');
  await until(`the end of all of\n${names}\n`, () => (processes.some(isAlive) ? undefined : true), {
    timeoutMs,
    everyMs: 50,
  });
};
