import { z } from 'zod';

/** The section `healing` (docs/kubernetes.md): whether the bot restarts what a restart can cure. */
export const healingSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** How long a trouble must last before anything is done about it. */
  afterSeconds: z.int().min(1).max(3600).default(120),
});

/** When the bot tells of the cluster's troubles by itself, part of the section `kubernetes`. */
export const feedSchema = z.strictObject({
  /** So long a trouble must last before the room is told. */
  afterSeconds: z.int().min(1).max(3600).default(20),
  /** And so long it must be gone before it is told that it has healed. */
  healedAfterSeconds: z.int().min(1).max(3600).default(60),
});
