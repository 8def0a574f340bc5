import { describe, expect, it } from 'vitest';
import { loadCrypto } from '../../../../src/bot/crypto/wasm.ts';
import { deliver } from '../../../../src/bot/sender/deliver.ts';
import { parseEventId } from '../../../../src/core/ids.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { alert, anna, bodyOf, FeedFixture, kindOf, room, told } from './feed-fixture.ts';
import { openIntake } from './intake-fixture.ts';
import { posted, postedAlert } from './payloads.ts';

const id = (nth: number): string => nth.toString(16).padStart(16, '0');

describe('[#11] what is cut is marked as cut', () => {
  it('in a message: a long name and a long text end in …, those that just fit do not', async () => {
    const feed = new FeedFixture();
    const texts = [
      ['n', 200, 't', 300],
      ['N', 201, 'T', 301],
    ] as const;
    for (const [name, names, text, long] of texts) {
      const labels = { alertname: name.repeat(names) };
      await feed.take(told(name, alert({ labels, annotations: { summary: text.repeat(long) } })));
      feed.now += 1000;
    }
    const said = feed.sent().map(bodyOf).join('\n');
    expect(said).toMatch(/ n{200}: t{300}[^t…]/);
    expect(said).toMatch(/ N{200}…: T{300}…/);
  });

  it('in the store: 4000 characters are kept whole, of more the first 4000 and …', async () => {
    const { post, notifications } = openIntake();
    const whole = 'w'.repeat(4000);
    const annotations = { whole, cut: `${whole}x` };
    const labels = { alertname: `${whole}y`, [`${whole}z`]: 'v' };
    await post(posted({ receiver: `${whole}r`, alerts: [postedAlert({ labels, annotations })] }));
    expect(notifications()[0]).toMatchObject({
      receiver: `${whole}…`,
      alerts: [
        {
          annotations: { whole, cut: `${whole}…` },
          labels: { alertname: `${whole}…`, [`${whole}…`]: 'v' },
        },
      ],
    });
  });
});

it('[#10] a message has its links as people reach them (fake clock)', async () => {
  const links = [
    { from: 'http://alertmanager:9093', to: 'https://alerts.example.org' },
    { from: 'http://prometheus:9090', to: 'https://metrics.example.org/prometheus' },
  ];
  const feed = new FeedFixture({ links });
  const generatorUrl = 'http://prometheus:9090/graph?g0.expr=up';
  await feed.take({
    ...told('A', alert({ generatorUrl })),
    externalUrl: 'http://alertmanager:9093/',
  });
  const [item] = feed.sent();
  const body = item === undefined ? '' : bodyOf(item);
  expect(body).toContain('Alertmanager: https://alerts.example.org/\n');
  expect(body).toContain(': https://metrics.example.org/prometheus/graph?g0.expr=up\n');
  expect(body).not.toContain('http://');
});

/** The content as the sender gives it to the home server. */
async function contentOf(item: OutboxItem): Promise<JsonObject> {
  const written: JsonObject[] = [];
  const none = () => Promise.reject(new Error('a message is sent'));
  const writer = {
    ...{ sendSecret: none, annotate: none, redact: none, putState: none, attach: none },
    send: (_room: string, _type: string, _transaction: string, content: JsonObject) => {
      written.push(content);
      return Promise.resolve(parseEventId('$sent'));
    },
  };
  await deliver(writer, item, parseEventId(`$${'e'.repeat(43)}`), new AbortController().signal);
  return written[0] ?? {};
}

it('[#11] the largest message and its edit fit in an event once they are sealed (real sealing)', async () => {
  const library = await loadCrypto();
  const machine = await library.OlmMachine.initialize(
    new library.UserId(anna),
    new library.DeviceId('DEVICE'),
  );
  await machine.shareRoomKey(new library.RoomId(room), [], new library.EncryptionSettings());
  const sealedBytes = async (content: JsonObject): Promise<number> => {
    const text = JSON.stringify(content);
    return Buffer.byteLength(
      await machine.encryptRoomEvent(new library.RoomId(room), 'm.room.message', text),
    );
  };
  const sizes: Record<'text' | 'edit', number[]> = { text: [], edit: [] };
  // What grows: by itself, in HTML, in JSON, in both, and of different lengths, so that one comes near.
  const grown = [
    ['x', 300],
    ['🔥', 300],
    ['🔥', 190],
    ['<', 190],
    ['"', 190],
    ['\\', 300],
  ] as const;
  for (const [nth, [character, length]] of grown.entries()) {
    const feed = new FeedFixture();
    const annotations = { summary: character.repeat(length) };
    const labels = { alertname: character.repeat(length) };
    const alerts = Array.from({ length: 25 }, (_, at) =>
      alert({ fingerprint: id(at), annotations, labels, startsAt: 1000 + at }),
    );
    await feed.take(told(`A${nth}`, ...alerts));
    const [first] = feed.sent();
    await feed.take(
      told(`A${nth}`, ...alerts, alert({ fingerprint: id(99), annotations, labels })),
    );
    const edit = feed.sent().find((item) => kindOf(item) === 'edit');
    if (first === undefined || edit === undefined) throw new Error('it was not told');
    sizes.text.push(await sealedBytes(await contentOf(first)));
    sizes.edit.push(await sealedBytes(await contentOf(edit)));
  }
  const [text, edit] = [Math.max(...sizes.text), Math.max(...sizes.edit)];
  process.stdout.write(`sealed: a message of at most ${text} bytes, an edit of ${edit}\n`);
  // Synapse takes 65 536 bytes with what it adds itself: ids, hashes, signatures, references.
  expect(edit).toBeLessThan(65_536 - 4096);
  expect(text).toBeLessThan(edit);
  // The largest that there are, not any: one more alert would not fit into the message's limit.
  expect(text).toBeGreaterThan(20_000);
  machine.close();
});
