import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mask } from '../../../src/core/mask.ts';
import { Secret } from '../../../src/core/secret.ts';
import { cpuMs } from '../cpu-time.ts';

const canary = 'CANARY-7d1f0a';

describe('[#25] masking by shape', () => {
  const mask = new Mask();
  it.each([
    ['Authorization: Bearer CANARY7d1f0a', 'Authorization: Bearer [masked]'],
    ["headers: { 'authorization': 'Bearer CANARY7d1f0a' }", null],
    ['Basic Q0FOQVJZOkNBTkFSWQ==', 'Basic [masked]'],
    ['token syt_Ym90_CANARYCANARYCANARY_0abcde is bad', 'token syt_[masked] is bad'],
    ['syr_CANARYCANARY', 'syr_[masked]'],
    ['mat_CANARYCANARY_x1', 'mat_[masked]'],
    ['mct_CANARYCANARY', 'mct_[masked]'],
    ['GET /sync?access_token=CANARY&since=s1', 'GET /sync?access_token=[masked]&since=s1'],
    ['?access_token%3DCANARY', '?access_token%3D[masked]'],
    ['{"password":"CANARY \\" CANARY","user":"a"}', '{"password":[masked],"user":"a"}'],
    ['{\\"password\\":\\"CANARY\\"}', null],
    ['{"new_password": "CANARY"}', '{"new_password": [masked]}'],
    ["{ newPassword: 'CANARY CANARY', name: 'a' }", "{ newPassword: [masked], name: 'a' }"],
    ['password: CANARY', 'password: [masked]'],
    ['/etc/urtc/secrets/bot-token:CANARY', '/etc/urtc/secrets/bot-token:[masked]'],
    ['/etc/urtc/secrets/bot-token: CANARY', '/etc/urtc/secrets/bot-token: [masked]'],
    ['/etc/urtc/secrets/bot-token: CANARY is it', '/etc/urtc/secrets/bot-token: [masked] is it'],
    ['token: this-CANARY is', 'token: [masked] is'],
    ['PASSWORD=CANARY urtc', 'PASSWORD=[masked] urtc'],
    ['registration_shared_secret: "CANARY"', 'registration_shared_secret: [masked]'],
    ['macaroon_secret_key: CANARY', 'macaroon_secret_key: [masked]'],
    ['client_secret=CANARY', 'client_secret=[masked]'],
    ['"clientSecret":"CANARY"', '"clientSecret":[masked]'],
    ['recovery_key=CANARY', 'recovery_key=[masked]'],
    ['{"mac":"CANARY","admin":false}', '{"mac":[masked],"admin":false}'],
    ['run --password CANARY now', 'run --password [masked] now'],
    ['run --access-token=CANARY now', 'run --access-token=[masked] now'],
    ['postgres://urtc:CANARY@db/urtc', 'postgres://urtc:[masked]@db/urtc'],
    ['GET /_synapse/admin/v1/registration_tokens/CANARY 404', null],
    ['EsTc CANA RYxx 1234 1234 1234 1234 1234 1234 1234 1234 CARY', '[masked]'],
    ['livekit keys: APIabc123: s3cr3tCANARYOfLiveKit01234', 'livekit keys: APIabc123: [masked]'],
    ['LIVEKIT_KEYS="mykey: s3cr3tCANARYOfLiveKit01234"', 'LIVEKIT_KEYS="mykey: [masked]"'],
    ['keys:\n  mykey: s3cr3tCANARYOfLiveKit01234', 'keys:\n  mykey: [masked]'],
    ['APIabcDEF: s3cr3tCANARYOfLiveKit01234', 'APIabcDEF: [masked]'],
    ['turn_shared_secret CANARY0123456789 x', 'turn_shared_secret [masked] x'],
    ['smtp auth: LOGIN user=bot pass=CANARY99', 'smtp auth: LOGIN user=bot pass=[masked]'],
    ["auth: { user: 'bot', pass: 'CANARY 99' }", "auth: { user: 'bot', pass: [masked] }"],
    ['Cookie: session=CANARY; theme=dark', 'Cookie: [masked]'],
    ['set-cookie: sid=CANARY; Path=/; HttpOnly', 'set-cookie: [masked]'],
    ["'set-cookie': [ 'sid=CANARY; Path=/' ]", "'set-cookie': [ '[masked]' ]"],
    ['user\'s passphrase is "open CANARY 42"', "user's passphrase is [masked]"],
    ['/sync?access_token=syt_Ym90_CANARY_0a1b2c&x', '/sync?access_token=[masked]&x'],
    ['x -----BEGIN EC PRIVATE KEY-----\nCANARY\n-----END EC PRIVATE KEY----- y', 'x [masked] y'],
    ['-----BEGIN PRIVATE KEY-----\nCANARY and cut off', '[masked]'],
  ])('%s', (text, expected) => {
    const clean = mask.apply(text);
    expect(clean).not.toMatch(/CANA|CARY|Q0FOQVJZ/);
    if (expected !== null) expect(clean).toBe(expected);
    expect(mask.apply(clean)).toBe(clean);
  });

  it.each([
    'M_UNKNOWN_TOKEN: Invalid access token passed.',
    "can't be read from /etc/urtc/secrets/bot-token: this user has no permission (EACCES).",
    'cat: /etc/urtc/secrets/admin_token: No such file or directory',
    'M_FORBIDDEN: Invalid username or password',
    'POST http://127.0.0.1:8008/_synapse/admin/v1/registration_tokens/new 400',
    'connect ECONNREFUSED 127.0.0.1:8008',
    'user add alice --display-name "Alice Liddell"',
    'at Database.run (src/platform/store/database.ts:148:11)',
    '@anna:example.org in !room:example.org',
    'matrix_client and format_string_of_long_names',
    'registration_shared_secret is not set, macaroon_secret_key missing',
    'Fetching keys: https://matrix.example.org/_matrix/key/v2/server',
    '3 passed, pass: 12, PASS=3, APIVersion: apps/v1',
    'cookie: none, password is wrong, secret ess-generated-0 not found',
  ])('leaves alone: %s', (text) => {
    expect(mask.apply(text)).toBe(text);
  });

  it('stays quick on long texts that nearly match', () => {
    const began = cpuMs();
    for (const piece of [
      'password',
      'password=',
      '//a:',
      'Es12 ',
      '-----BEGIN PRIVATE KEY-----',
      '\\"',
      'keys: a_b: ',
      'a_secret ',
      'Cookie: a',
      'APIabc: ',
      'pass: ',
    ]) {
      mask.apply(piece.repeat(64_000 / piece.length));
    }
    expect(cpuMs() - began).toBeLessThan(2000);
  });
});

describe('[#25] masking known values', () => {
  it('finds them as they are, in JSON, in a URL and in base64', () => {
    const mask = new Mask();
    const secret = 'pa"ss wörd/\n7';
    mask.register(new Secret(secret));
    const text = [
      secret,
      JSON.stringify({ x: secret }),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ].join(' | ');
    expect(mask.apply(text)).toBe('[masked] | {"x":"[masked]"} | [masked] | [masked]=');
  });

  it('never lets a registered value through, also where one holds another', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9+/._~-]{8,40}$/);
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.string(),
        (secrets, noise) => {
          const all = [...secrets, ...secrets.map((each) => each.slice(0, 7) + canary)];
          const mask = new Mask();
          for (const each of all) mask.register(new Secret(each));
          const clean = mask.apply(all.join(noise));
          for (const each of all) expect(clean).not.toContain(each);
        },
      ),
    );
  });

  it('forgets one when told, and not while somebody else still needs it', () => {
    const mask = new Mask();
    const forget = mask.register(new Secret(canary));
    const other = mask.register(new Secret(canary));
    forget();
    forget();
    expect(mask.apply(canary)).toBe('[masked]');
    other();
    expect(mask.apply(canary)).toBe(canary);
  });
});

it.each([
  ...['\\', 'eyJaaaaa-', '-----BEGIN PRIVATE KEY-----', 'secret-', '"', 'Bearer '],
  ...['keys:keys', 'Cookie=', 'a_', 'API', 'pass="', 'password is "'],
])('has no text that takes for ever, as a log of a hostile client may be: %s', (unit) => {
  const text = unit.repeat(200_000 / unit.length);
  const begun = cpuMs();
  new Mask().apply(text);
  // Some 100 ms; what grows with the square of the length takes minutes.
  expect(cpuMs() - begun).toBeLessThan(8000);
});
