'use strict';
/*
 * Loaded before urtc by the Node that the launcher starts. The channel between the two closes when
 * the launcher is gone, also by kill -9, which it cannot hand down: urtc then gets the signal that
 * ends it in an orderly way.
 */
/* Threads load it, too. */
if (require('worker_threads').isMainThread && process.channel) {
  process.once('disconnect', function () {
    process.kill(process.pid, 'SIGTERM');
  });
  /* Nobody waits for a message: urtc ends when its work is done. */
  process.channel.unref();
}
