import { connect } from 'node:tls';

/** The certificate that a server shows. Moments in ms since the epoch. */
export interface ServingCertificate {
  readonly host: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Reads the certificate that a server shows, by a TLS handshake. It is only read, nothing is sent, so
 * it need not be trusted: one that ran out is what this is for. Null where nothing answers in time.
 */
export function servingCertificate(
  url: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ServingCertificate | null> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      // An address is no name to ask for (RFC 6066, 3).
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
    });
    const end = (found: ServingCertificate | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    signal?.addEventListener('abort', () => end(null), { once: true });
    socket.on('error', () => end(null));
    socket.on('secureConnect', () => {
      const { valid_from, valid_to, issuer } = socket.getPeerCertificate();
      const [notBefore, notAfter] = [Date.parse(valid_from), Date.parse(valid_to)];
      const isRead = Number.isFinite(notBefore) && Number.isFinite(notAfter);
      const name = [issuer.CN].flat()[0] ?? '';
      end(isRead ? { host: new URL(url).host, issuer: name, notBefore, notAfter } : null);
    });
  });
}
