import {
  request as startRequest,
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { Ending, RequestLog, RequestRecord } from './request-log.ts';

/** Where requests are passed on to. */
export interface Upstream {
  readonly agent: Agent;
  readonly hostname: string;
  readonly port: string;
}

/** An answer of the home server with its whole body. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  // Without it answers come uncompressed, so that faults can change them.
  'accept-encoding',
]);

const endToEnd = (headers: NodeJS.Dict<string | string[]>): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !connectionHeaders.has(name)));

/** Reads a request or an answer to its end. */
export const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** One request on its way through the proxy. Its body has been read. */
export class Passage {
  readonly record: RequestRecord;
  readonly response: ServerResponse;
  readonly #upstream: Upstream;
  readonly #log: RequestLog;
  readonly #request: IncomingMessage;
  readonly #body: Buffer;

  constructor(
    upstream: Upstream,
    log: RequestLog,
    parts: {
      readonly request: IncomingMessage;
      readonly response: ServerResponse;
      readonly record: RequestRecord;
      readonly body: Buffer;
    },
  ) {
    this.#upstream = upstream;
    this.#log = log;
    this.#request = parts.request;
    this.#body = parts.body;
    this.record = parts.record;
    this.response = parts.response;
  }

  /** Asks the home server. The request goes away when the client does. */
  async forward(query = this.record.query): Promise<IncomingMessage> {
    try {
      return await this.#ask(query);
    } catch (error) {
      // A kept-alive connection that a restarted home server has closed meanwhile.
      const { code, method } = { code: codeOf(error), method: this.record.method };
      if (code !== 'ECONNRESET' || method === 'POST' || this.response.destroyed) throw error;
      return this.#ask(query);
    }
  }

  #ask(query: URLSearchParams): Promise<IncomingMessage> {
    const { method, path } = this.record;
    const search = query.toString();
    // The very text of the request, unless a fault has changed its query.
    const url =
      query === this.record.query
        ? this.#request.url
        : `${path}${search === '' ? '' : `?${search}`}`;
    const headers = { ...endToEnd(this.#request.headers), 'content-length': this.#body.length };
    return new Promise((resolve, reject) => {
      const onward = startRequest({ ...this.#upstream, method, path: url, headers }, (answer) => {
        answer.once('close', () => this.response.off('close', leave));
        resolve(answer);
      });
      const leave = (): void => void onward.destroy();
      this.response.once('close', leave);
      onward.once('error', (error) => {
        this.response.off('close', leave);
        reject(error);
      });
      onward.end(this.#body);
    });
  }

  /** Asks the home server and waits for its whole answer. */
  async ask(query?: URLSearchParams): Promise<WholeAnswer> {
    const answer = await this.forward(query);
    const body = await readAll(answer);
    return { status: answer.statusCode ?? 502, headers: endToEnd(answer.headers), body };
  }

  /** Passes the home server's answer on as it comes in. */
  async stream(): Promise<void> {
    const answer = await this.forward();
    const status = answer.statusCode ?? 502;
    this.response.writeHead(status, endToEnd(answer.headers));
    answer.once('error', () => {
      this.cut('unreachable');
    });
    this.response.once('finish', () => {
      this.end(status);
    });
    answer.pipe(this.response);
  }

  /** Answers the client. */
  answer({ status, headers, body }: WholeAnswer): void {
    this.response.writeHead(status, { ...headers, 'content-length': body.length });
    this.response.end(body, () => {
      this.end(status);
    });
  }

  answerJson(status: number, json: unknown, headers: OutgoingHttpHeaders = {}): void {
    const body = Buffer.from(JSON.stringify(json));
    this.answer({ status, headers: { 'content-type': 'application/json', ...headers }, body });
  }

  /** Cuts the client's connection without (the rest of) an answer. */
  cut(ending: Ending = 'cut'): void {
    this.end(ending);
    this.response.destroy();
  }

  /** Notes how it ended; only the first time counts. */
  end(ending: Ending): void {
    this.#log.end(this.record, ending);
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
