import { readFileSync, writeFileSync } from 'node:fs';
import { LabError } from '../lab/failure.ts';
import { residentMb } from './child.ts';

/** Resident memory of a process since somebody began to look, MB (10⁶ bytes). */
export interface MemoryWatch {
  peakMb(): number;
  /** From what it had when the look began to its peak. */
  growthMb(): number;
}

/** Begins anew with the most that Linux counts for the process (VmHWM and clear_refs, proc(5)). */
export const watchMemory = (pid: number): MemoryWatch => {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = residentMb(pid);
  const peakMb = (): number => {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kib === undefined) throw new LabError(`process ${pid} has no memory`);
    return (Number(kib) * 1024) / 1e6;
  };
  return { peakMb, growthMb: () => peakMb() - before };
};
