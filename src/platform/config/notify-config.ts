import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { say } from '../../core/text.ts';
import { systemReason } from '../system-failure.ts';
import type { SecretSource } from './field-schemas.ts';
import { channelName, isSecureUrl, type NotifySettings } from './notify-schema.ts';
import { readSecret, type Environment } from './secrets.ts';

interface Common {
  /** No secret. */
  readonly name: string;
  /** PEM; null: those that Node trusts. */
  readonly ca: string | null;
}

/** A channel with its secrets read. */
export type ChannelConfig =
  | (Common & {
      readonly kind: 'smtp';
      readonly host: string;
      readonly port: number;
      readonly tls: 'starttls' | 'implicit' | 'none';
      /** Null together with `password`. */
      readonly user: string | null;
      readonly password: Secret<string> | null;
      readonly from: string;
      readonly to: readonly string[];
    })
  | (Common & {
      readonly kind: 'ntfy';
      readonly url: Secret<string>;
      readonly topic: Secret<string>;
      readonly token: Secret<string> | null;
    })
  | (Common & {
      readonly kind: 'gotify';
      readonly url: Secret<string>;
      readonly token: Secret<string>;
    })
  | (Common & {
      readonly kind: 'telegram';
      readonly url: Secret<string>;
      readonly token: Secret<string>;
      readonly chat: string;
    })
  | (Common & {
      readonly kind: 'webhook';
      readonly url: Secret<string>;
      readonly token: Secret<string> | null;
    });

/** Where the bot reports that it lives. */
export interface HeartbeatConfig {
  readonly url: Secret<string>;
  readonly everyMs: number;
  readonly method: 'GET' | 'POST';
  /** Whether trouble is reported, too, at the address with `/fail` behind it. */
  readonly fail: boolean;
  readonly ca: string | null;
}

/** The section `notify` with its secrets read. */
export interface NotifyConfig {
  readonly channels: readonly ChannelConfig[];
  readonly afterMs: number;
  readonly remindMs: number;
  readonly heartbeat: HeartbeatConfig | null;
  /** All of its secrets by setting, for whoever must know them to hide them. */
  readonly secrets: ReadonlyMap<string, Secret<string>>;
}

/** A secret and the setting that names it. */
export interface NotifySecret {
  readonly place: string;
  readonly source: SecretSource;
  /** Whether it is an address; such a secret must be one that may be sent to. */
  readonly isUrl: boolean;
}

/** All secrets that the section names. */
export function notifySecrets(notify: NotifySettings | undefined): readonly NotifySecret[] {
  if (notify === undefined) return [];
  const found = notify.channels.flatMap((channel, index) => {
    const { smtp, ntfy, gotify, telegram, webhook } = channel;
    const at = `notify.channels[${index}]`;
    return [
      { place: `${at}.smtp.password`, source: smtp?.password, isUrl: false },
      { place: `${at}.ntfy.topic`, source: ntfy?.topic, isUrl: false },
      { place: `${at}.ntfy.token`, source: ntfy?.token, isUrl: false },
      { place: `${at}.gotify.token`, source: gotify?.token, isUrl: false },
      { place: `${at}.telegram.token`, source: telegram?.token, isUrl: false },
      { place: `${at}.webhook.url`, source: webhook?.url, isUrl: true },
      { place: `${at}.webhook.token`, source: webhook?.token, isUrl: false },
    ];
  });
  const heartbeat = {
    ...{ place: 'notify.heartbeat.url', source: notify.heartbeat?.url, isUrl: true },
  };
  return [...found, heartbeat].flatMap(({ source, ...rest }) =>
    source === undefined ? [] : [{ source, ...rest }],
  );
}

/** Reads one of them. Throws what `readSecret` throws, and the same where an address is not right. */
export function readNotifySecret(
  { place, source, isUrl }: NotifySecret,
  folder: string,
  environment: Environment,
): Secret<string> {
  const secret = readSecret(place, source, folder, environment);
  if (isUrl && !isSecureUrl(secret.reveal())) {
    const name = 'file' in source ? resolve(folder, source.file) : `$${source.env}`;
    const reason = say('settings.reason.secure-url');
    const advice = say('secret.content.next');
    throw new AppError('E_SECRET_UNREADABLE', { place, source: name, reason, advice });
  }
  return secret;
}

/**
 * Reads the section's secrets and certificates. `file`: the config's; `folder`: what a relative path
 * starts from. Throws `E_SECRET_UNREADABLE`, `E_SECRET_MODE`, `E_CONFIG_INVALID`.
 */
export function readNotify(
  notify: NotifySettings | undefined,
  where: { readonly file: string; readonly folder: string; readonly environment: Environment },
): NotifyConfig | null {
  if (notify === undefined) return null;
  const { file, folder, environment } = where;
  const read = new Map(
    notifySecrets(notify).map((each) => [each.place, readNotifySecret(each, folder, environment)]),
  );
  const optional = (place: string): Secret<string> | null => read.get(place) ?? null;
  const needed = (place: string): Secret<string> => {
    const secret = read.get(place);
    if (secret === undefined) throw new Error(`${place} was not read`);
    return secret;
  };
  const pem = (place: string, path: string | undefined): string | null => {
    if (path === undefined) return null;
    try {
      return readFileSync(resolve(folder, path), 'utf8');
    } catch (error) {
      const reason = systemReason(error);
      throw new AppError('E_CONFIG_INVALID', { file, place: `${place}.ca`, reason }, error);
    }
  };
  const channels = notify.channels.map((channel, index): ChannelConfig => {
    const name = channelName(channel);
    const at = `notify.channels[${index}]`;
    const { smtp, ntfy, gotify, telegram, webhook } = channel;
    if (smtp !== undefined) {
      const { host, tls, from, to, user = null } = smtp;
      return {
        ...{ kind: 'smtp', name, host, tls, from, to, user },
        port: smtp.port ?? (tls === 'implicit' ? 465 : 587),
        password: optional(`${at}.smtp.password`),
        ca: pem(`${at}.smtp`, smtp.ca),
      };
    }
    if (ntfy !== undefined) {
      return {
        ...{ kind: 'ntfy', name, url: new Secret(ntfy.url), ca: pem(`${at}.ntfy`, ntfy.ca) },
        topic: needed(`${at}.ntfy.topic`),
        token: optional(`${at}.ntfy.token`),
      };
    }
    if (gotify !== undefined) {
      return {
        ...{ kind: 'gotify', name, url: new Secret(gotify.url) },
        token: needed(`${at}.gotify.token`),
        ca: pem(`${at}.gotify`, gotify.ca),
      };
    }
    if (telegram !== undefined) {
      return {
        ...{ kind: 'telegram', name, url: new Secret(telegram.url), chat: telegram.chat },
        token: needed(`${at}.telegram.token`),
        ca: pem(`${at}.telegram`, telegram.ca),
      };
    }
    return {
      ...{ kind: 'webhook', name, url: needed(`${at}.webhook.url`) },
      token: optional(`${at}.webhook.token`),
      ca: pem(`${at}.webhook`, webhook?.ca),
    };
  });
  const { heartbeat } = notify;
  return {
    channels,
    secrets: read,
    afterMs: notify.afterSeconds * 1000,
    remindMs: notify.remindHours * 3_600_000,
    heartbeat:
      heartbeat === undefined
        ? null
        : {
            url: needed('notify.heartbeat.url'),
            everyMs: heartbeat.everySeconds * 1000,
            ...{ method: heartbeat.method, fail: heartbeat.fail },
            ca: pem('notify.heartbeat', heartbeat.ca),
          },
  };
}
