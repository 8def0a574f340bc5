import { join } from 'node:path';
import { writeFileSync, mkdirSync } from 'node:fs';
import type { BotProcess } from '../bot-process.ts';
import type { Lab, LabBotOptions } from '../lab.ts';
import { freePort } from '../ports.ts';
import { Alertmanager, type AlertmanagerOptions } from './alertmanager.ts';
import type { Pem } from './self-signed.ts';

/** A bot that takes alerts, and who sends them to it. */
export interface AlertingBot {
  readonly alertmanager: Alertmanager;
  /** Where posts go. */
  readonly webhook: string;
  readonly token: string;
  /** The bot now; after `restart` another one. */
  readonly bot: BotProcess;
  /** Starts the bot again, after it was killed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The bearer of {@link postTo}. */
export const token = 'token-of-alertmanager-in-the-lab';

/** What is not as usual. */
export interface AlertingBotOptions extends Pick<
  AlertmanagerOptions,
  'groupBy' | 'intervals' | 'version'
> {
  /** Put over the section `alerts`. */
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly people?: LabBotOptions['people'];
  /** Several in one lab each have one. Default `bot`. */
  readonly name?: string;
  /** The bot's certificate, and the only one with which it lets a sender in. Default: no TLS. */
  readonly tls?: { readonly own: Pem; readonly sender: Pem };
}

/** Starts an Alertmanager and a bot that trusts it from its first second on. */
export const startAlertingBot = async (
  lab: Lab,
  options: AlertingBotOptions = {},
): Promise<AlertingBot> => {
  const { people, name = 'bot', tls } = options;
  const port = await freePort();
  const scheme = tls === undefined ? 'http' : 'https';
  const webhook = `${scheme}://127.0.0.1:${port}/alerts/alertmanager`;
  const folder = join(lab.folder, `alertmanager-${name}`);
  const { groupBy, intervals, version } = options;
  const alertmanager = await Alertmanager.start({
    ...{ folder, webhook, token },
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(intervals === undefined ? {} : { intervals }),
    ...(version === undefined ? {} : { version }),
    ...(tls === undefined ? {} : { tls: { trusted: tls.own.cert, own: tls.sender } }),
  });
  const secrets = join(lab.folder, name, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  const keep = (file: string, text: string): string => {
    writeFileSync(join(secrets, file), text, { mode: 0o600 });
    return `secrets/${file}`;
  };
  const certificates = tls && {
    ...{ cert: keep('cert.pem', tls.own.cert), key: keep('key.pem', tls.own.key) },
    clientCa: keep('senders.pem', tls.sender.cert),
  };
  const settings = {
    alerts: {
      token: { file: keep('alerts-token', token) },
      listen: { port, ...(certificates === undefined ? {} : { tls: certificates }) },
      alertmanager: { url: alertmanager.url, trustAfterSeconds: 0 },
      ...options.alerts,
    },
    ...options.settings,
  };
  const start = () => lab.startBot({ name, settings, ...(people === undefined ? {} : { people }) });
  let bot = await start();
  return {
    ...{ alertmanager, webhook, token },
    get bot() {
      return bot;
    },
    restart: async () => {
      bot = await start();
    },
    stop: () => alertmanager.kill(),
  };
};

/** One post as Alertmanager sends it. Returns the status; 0: nobody answered. */
export const postTo = async (
  { webhook }: Pick<AlertingBot, 'webhook'>,
  payload: object,
): Promise<number> => {
  try {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(payload),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    if (error instanceof TypeError) return 0;
    throw error;
  }
};
