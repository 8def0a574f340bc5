import { z } from 'zod';
import { roles } from '../../core/roles.ts';
import { languages } from '../../core/words/index.ts';
import { parseNamespace } from '../kubernetes/namespace.ts';
import { endpointNames } from '../endpoints/endpoint.ts';
import { alertsSchema, isSamePort } from './alerts-schema.ts';
import { feedSchema, healingSchema } from './healing-schema.ts';
import { notifySchema } from './notify-schema.ts';
import {
  adminRoomSchema,
  custom,
  matching,
  namespaceSchema,
  roomIdSchema,
  secretSourceSchema,
  urlSchema,
  userIdSchema,
} from './field-schemas.ts';

/** Levels of the log, most talkative first (pino's names). */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

const role = z.enum(roles);
const language = z.enum(languages);
const group = z.string().min(1).nullable().default(null);

const person = z.strictObject({
  user: userIdSchema,
  role,
  language: language.optional(),
});

/** A release's name as Helm takes it (chartutil, ValidateReleaseName). */
const releaseName = matching(/^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$/, 'plain-name');

/** The cluster that the home server runs in, and the way in: exactly one. */
const kubernetes = z
  .strictObject({
    kubeconfig: z.string().min(1).optional(),
    inCluster: z.literal(true).optional(),
    release: releaseName.default('ess'),
    namespace: namespaceSchema.default(parseNamespace('ess')),
    // Where something is that would else be looked for by its Service.
    endpoints: z.partialRecord(z.enum(endpointNames), urlSchema).default({}),
    // Folder of the volumes, where the cluster does not tell it.
    storagePath: matching(/^\//, 'absolute-path').optional(),
    feed: feedSchema.prefault({}),
  })
  .superRefine(({ kubeconfig, inCluster }, context) => {
    if ((kubeconfig === undefined) === (inCluster === undefined)) {
      context.addIssue(custom('cluster'));
    }
  });

/** The config file (docs/design.md, "Config"). Unknown keys are refused everywhere. */
export const settingsSchema = z
  .strictObject({
    homeserver: z.strictObject({ url: urlSchema }),
    bot: z.strictObject({ user: userIdSchema, accessToken: secretSourceSchema }),
    admin: z.strictObject({ accessToken: secretSourceSchema, url: urlSchema.optional() }),
    key: secretSourceSchema,
    kubernetes: kubernetes.optional(),
    people: z.array(person).default([]),
    adminRoom: adminRoomSchema.default('create'),
    encryptAdminRoom: z.boolean().default(true),
    roles: z.record(z.string(), role).default({}),
    language: language.default('en'),
    dataDir: z.string().min(1).default('data'),
    http: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.int().min(0).max(65_535).default(9464),
      })
      .prefault({}),
    terminal: z
      .strictObject({
        socketDir: z.string().min(1).default('run'),
        groups: z.strictObject({ viewer: group, operator: group, admin: group }).prefault({}),
      })
      .prefault({}),
    confirmation: z
      .strictObject({
        ttlSeconds: z.int().min(10).max(3600).default(300),
        trustReactionsIn: z.array(roomIdSchema).default([]),
      })
      .prefault({}),
    staleAfterSeconds: z.int().min(10).max(86_400).default(300),
    healing: healingSchema.prefault({}),
    alerts: alertsSchema.optional(),
    notify: notifySchema.optional(),
    log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  })
  .superRefine((settings, context) => {
    const seen = new Set<string>();
    settings.people.forEach((each, index) => {
      if (seen.has(each.user)) {
        context.addIssue(custom('duplicate-person', ['people', index, 'user']));
      }
      seen.add(each.user);
    });
    if (settings.alerts !== undefined && isSamePort(settings.alerts.listen, settings.http)) {
      context.addIssue(custom('alerts-port', ['alerts', 'listen', 'port']));
    }
    for (const [name, { room }] of Object.entries(settings.alerts?.rooms ?? {})) {
      if (room === 'create' || room !== settings.adminRoom) continue;
      context.addIssue(custom('alert-room-twice', ['alerts', 'rooms', name, 'room']));
    }
  });

/** A checked config file, defaults filled in; secrets only as places where they are found. */
export type Settings = z.output<typeof settingsSchema>;
