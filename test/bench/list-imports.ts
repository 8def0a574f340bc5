/** Preloaded into a bot (`--import`): writes down which files it loads, to the file URTC_BENCH_IMPORTS. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const list = process.env['URTC_BENCH_IMPORTS'];
if (list !== undefined) {
  registerHooks({
    load: (url, context, next) => {
      if (url.startsWith('file:')) appendFileSync(list, `${url}\n`);
      return next(url, context);
    },
  });
}
