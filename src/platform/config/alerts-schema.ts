import { z } from 'zod';
import {
  alertRoomsSchema,
  alertRoutesSchema,
  checkRoutes,
  quietHoursSchema,
} from './alert-rooms-schema.ts';
import { custom, secretSourceSchema, urlSchema } from './field-schemas.ts';

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

interface Listening {
  readonly host: string;
  readonly port: number;
}

const everywhere = new Set(['0.0.0.0', '::']);
const hostOf = ({ host }: Listening): string => (host === 'localhost' ? '127.0.0.1' : host);

/** Whether the second of two could not be opened. Port 0 is any that is free. */
export function isSamePort(one: Listening, other: Listening): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  return hostOf(one) === hostOf(other) || everywhere.has(one.host) || everywhere.has(other.host);
}

/** The section `alerts` (docs/alerts.md). Without it the bot takes no alerts. */
export const alertsSchema = z
  .strictObject({
    token: secretSourceSchema,
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.int().min(0).max(65_535).default(9465),
        /** Files in PEM, relative to the config file. `clientCa`: who signs the sender's certificate. */
        tls: z
          .strictObject({
            cert: z.string().min(1),
            key: z.string().min(1),
            clientCa: z.string().min(1).optional(),
          })
          .optional(),
      })
      .prefault({}),
    alertmanager: z
      .strictObject({
        url: urlSchema,
        trustAfterSeconds: z.int().min(0).max(3600).default(300),
      })
      .optional(),
    links: z.array(z.strictObject({ from: urlSchema, to: urlSchema })).default([]),
    rooms: alertRoomsSchema,
    routes: alertRoutesSchema,
    quietHours: quietHoursSchema.optional(),
    /** The alert that always fires. Expected from its first coming on, or, `required`, from the start. */
    watchdog: z
      .strictObject({
        labels: z.record(z.string(), z.string()).default({ alertname: 'Watchdog' }),
        silentAfterSeconds: z.int().min(5).max(86_400).default(900),
        required: z.boolean().default(false),
      })
      .prefault({}),
  })
  .superRefine(({ listen, rooms, routes }, context) => {
    checkRoutes(rooms, routes, context);
    // The bearer would go over the network in clear.
    if (listen.tls === undefined && !isLoopback(listen.host)) {
      context.addIssue(custom('alerts-tls', ['listen', 'host']));
    }
  });
