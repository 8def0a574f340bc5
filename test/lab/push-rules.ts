import { z } from 'zod';
import type { LabEvent } from './event.ts';
import type { PlainClient } from './client.ts';

const condition = z.looseObject({
  kind: z.string(),
  key: z.string().optional(),
  pattern: z.string().optional(),
  value: z.unknown().optional(),
  is: z.string().optional(),
});
const rule = z.object({
  rule_id: z.string(),
  enabled: z.boolean(),
  actions: z.array(z.unknown()),
  conditions: z.array(condition).default([]),
  pattern: z.string().optional(),
});
const rules = z.object({
  global: z.object({
    override: z.array(rule).default([]),
    content: z.array(rule).default([]),
    room: z.array(rule).default([]),
    sender: z.array(rule).default([]),
    underride: z.array(rule).default([]),
  }),
});

type Condition = z.infer<typeof condition>;
type Rule = z.infer<typeof rule>;

/** What a person's phone does at an event. */
export interface Ringing {
  readonly rings: boolean;
  readonly highlights: boolean;
  /** The rule of the person's that says so; null: none fits. */
  readonly by: string | null;
}

const silent: Ringing = { rings: false, highlights: false, by: null };
const highlight = z.object({ set_tweak: z.literal('highlight'), value: z.boolean().default(true) });

/** The keys of an event with dots between them, dots in names escaped (spec, "Push rules", 13.13.1). */
const flatten = (value: unknown, prefix = ''): ReadonlyMap<string, unknown> => {
  const found = new Map<string, unknown>();
  const { data } = z.record(z.string(), z.unknown()).safeParse(value);
  for (const [name, inner] of Object.entries(data ?? {})) {
    const key = prefix + name.replaceAll('\\', '\\\\').replaceAll('.', '\\.');
    found.set(key, inner);
    for (const [deeper, leaf] of flatten(inner, `${key}.`)) found.set(deeper, leaf);
  }
  return found;
};

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'is',
  );

/**
 * A person's push rules as their home server has them, with what the person's client knows: it applies
 * them to what it has decrypted, since the server can't.
 */
export class PushRules {
  readonly #all: readonly Rule[];
  readonly #self: string;
  readonly #members: number;

  private constructor(all: readonly Rule[], self: string, members: number) {
    this.#all = all;
    this.#self = self;
    this.#members = members;
  }

  /** Those that hold in a room now. */
  static async of(person: PlainClient, roomId: string): Promise<PushRules> {
    const answer = await person.request({ path: '/_matrix/client/v3/pushrules/' });
    const { override, content, room, sender, underride } = rules.parse(answer).global;
    const inRoom = room.map((each) => ({
      ...each,
      conditions: [{ kind: 'event_match', key: 'room_id', pattern: each.rule_id }],
    }));
    const ofSender = sender.map((each) => ({
      ...each,
      conditions: [{ kind: 'event_match', key: 'sender', pattern: each.rule_id }],
    }));
    const inBody = content.map((each) => ({
      ...each,
      conditions: [
        { kind: 'event_match', key: 'content.body', pattern: `*${each.pattern ?? ''}*` },
      ],
    }));
    const members = [...(await person.members(roomId)).values()].filter(
      (state) => state === 'join',
    );
    const all = [...override, ...inBody, ...inRoom, ...ofSender, ...underride];
    return new PushRules(all, person.userId, members.length);
  }

  /** What the phone does: the first rule that fits says it. @throws Error for a condition of another kind. */
  at(event: LabEvent): Ringing {
    if (event.sender === this.#self) return silent;
    const keys = flatten(event);
    const first = this.#all.find(
      (each) => each.enabled && each.conditions.every((one) => this.#holds(one, keys)),
    );
    if (first === undefined) return silent;
    const rings = first.actions.some((action) => action === 'notify');
    const highlights = first.actions.some(
      (action) => highlight.safeParse(action).data?.value === true,
    );
    return { rings, highlights, by: first.rule_id };
  }

  #holds(one: Condition, keys: ReadonlyMap<string, unknown>): boolean {
    const found = keys.get(one.key ?? '');
    switch (one.kind) {
      case 'event_match':
        return typeof found === 'string' && glob(one.pattern ?? '').test(found);
      case 'event_property_is':
        return found === one.value;
      case 'event_property_contains':
        return Array.isArray(found) && found.includes(one.value);
      case 'room_member_count': {
        const [, how = '', count = ''] = /^(==|<=|>=|<|>)?(\d+)$/.exec(one.is ?? '') ?? [];
        const [have, want] = [this.#members, Number(count)];
        if (how === '<') return have < want;
        if (how === '>') return have > want;
        if (how === '<=') return have <= want;
        return how === '>=' ? have >= want : have === want;
      }
      case 'contains_display_name':
        // Nobody has a name here that a message could hold by chance.
        return false;
      case 'sender_notification_permission':
        // The bot's room lets only the bot ring everybody; it never says @room.
        return false;
      default:
        throw new Error(`the lab does not know the condition ${one.kind}`);
    }
  }
}
