import { z } from 'zod';
import { isLoopback } from './alerts-schema.ts';
import { custom, matching, secretSourceSchema, urlSchema } from './field-schemas.ts';

/** A base URL that a token may be sent to: https, or http on this machine. */
const secureUrl = urlSchema.superRefine((text, context) => {
  if (!isSecureUrl(text)) context.addIssue(custom('secure-url'));
});

/** Whether what is sent there is read by nobody on the way. False where it is no http(s) URL. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/** Plain enough to stand in a header of a mail: no name, no comment, no white space. */
const mailAddress = z.string().superRefine((text, context) => {
  if (!/^[^\s@<>()[\]\\,;:"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(text)) {
    context.addIssue(custom('mail-address'));
  }
});

/** File in PEM, relative to the config file: who signs the other side's certificate. */
const ca = z.string().min(1).optional();

const smtp = z
  .strictObject({
    host: z.string().regex(/^[A-Za-z0-9.:-]+$/),
    port: z.int().min(1).max(65_535).optional(),
    tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: secretSourceSchema.optional(),
    from: mailAddress,
    to: z.array(mailAddress).min(1).max(20),
    ca,
  })
  .superRefine(({ host, tls, user, password }, context) => {
    if (tls === 'none' && !isLoopback(host)) context.addIssue(custom('mail-tls', ['tls']));
    if ((user === undefined) !== (password === undefined)) {
      context.addIssue(custom('mail-login', ['user']));
    }
  });

const kinds = {
  smtp: smtp.optional(),
  ntfy: z
    .strictObject({
      url: secureUrl.default('https://ntfy.sh'),
      // Whoever knows it can read along.
      topic: secretSourceSchema,
      token: secretSourceSchema.optional(),
      ca,
    })
    .optional(),
  gotify: z.strictObject({ url: secureUrl, token: secretSourceSchema, ca }).optional(),
  telegram: z
    .strictObject({
      url: secureUrl.default('https://api.telegram.org'),
      token: secretSourceSchema,
      chat: z.string().regex(/^(-?\d{1,20}|@\w{1,64})$/),
      ca,
    })
    .optional(),
  // Its address may hold its password.
  webhook: z
    .strictObject({ url: secretSourceSchema, token: secretSourceSchema.optional(), ca })
    .optional(),
};

/** Kinds of channels. */
export const channelKinds = ['smtp', 'ntfy', 'gotify', 'telegram', 'webhook'] as const;

const channel = z
  .strictObject({
    name: matching(/^[a-z0-9][a-z0-9-]{0,31}$/, 'plain-name').optional(),
    ...kinds,
  })
  .superRefine((given, context) => {
    if (channelKinds.filter((kind) => given[kind] !== undefined).length !== 1) {
      context.addIssue(custom('channel'));
    }
  });

/** The section `notify` (docs/alerts.md): ways out that need no Matrix. */
export const notifySchema = z
  .strictObject({
    /** Tried in this order. */
    channels: z.array(channel).max(8).default([]),
    afterSeconds: z.int().min(5).max(3600).default(300),
    remindHours: z.int().min(1).max(168).default(6),
    heartbeat: z
      .strictObject({
        url: secretSourceSchema,
        everySeconds: z.int().min(5).max(86_400).default(300),
        method: z.enum(['GET', 'POST']).default('POST'),
        fail: z.boolean().default(true),
        ca,
      })
      .optional(),
  })
  .superRefine(({ channels }, context) => {
    const seen = new Set<string>();
    channels.forEach((each, index) => {
      const name = channelName(each);
      if (seen.has(name)) context.addIssue(custom('duplicate-channel', ['channels', index]));
      seen.add(name);
    });
  });

/** What stands in the file, checked. */
export type NotifySettings = z.output<typeof notifySchema>;

/** What people call a channel: its name, or else its kind. */
export function channelName(settings: z.output<typeof channel>): string {
  return settings.name ?? channelKinds.find((kind) => settings[kind] !== undefined) ?? '';
}
