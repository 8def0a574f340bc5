/**
 * Processor time that this process has used, ms: what a bound on the work of a function is measured
 * with. The wall clock goes on while others have the processors.
 */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
