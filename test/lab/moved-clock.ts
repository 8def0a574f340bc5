/** The environment of a bot whose time of day is so far ahead (behind: negative) of the true one, ms. */
export const movedClock = (offsetMs: number): NodeJS.ProcessEnv => {
  const code = `
    const True = Date;
    const now = () => True.now() + ${offsetMs};
    globalThis.Date = class Date extends True {
      constructor(...given) { super(...(given.length === 0 ? [now()] : given)); }
      static now() { return now(); }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
};
