import type WebSocket from 'ws';

const everyMs = 20_000;
const silentMs = 60_000;

/**
 * Ends a socket whose other side has gone without a word: it is asked every 20 s (RFC 6455 §5.5.2)
 * and given up after 60 s of silence. While `isPaused` nothing can be heard, so nothing is judged.
 * Returns how to stop.
 */
export function watchPulse(socket: WebSocket, isPaused: () => boolean): () => void {
  let heardAt = performance.now();
  const hear = () => {
    heardAt = performance.now();
  };
  socket.on('pong', hear);
  socket.on('ping', hear);
  socket.on('message', hear);
  const timer = setInterval(() => {
    if (isPaused()) hear();
    else if (performance.now() - heardAt > silentMs) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    socket.off('pong', hear);
    socket.off('ping', hear);
    socket.off('message', hear);
  };
}
