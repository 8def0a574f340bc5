/** A line as a log may hold it, and what of it nobody may see. */
export interface Canary {
  readonly line: string;
  readonly secret: string;
}

/** No real secret is in here; the shapes are. Cut so that no scanner takes this file for a leak. */
const c = (line: string, secret: string): Canary => ({ line: line.replace('§', secret), secret });

const base64 = 'CANARYcanary0123456789abcdefghijklmnopqrstu';
const alnum = 'CANARYcanary0123456789abcdefghijKLMNOP';
const hex = '0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0badc0ffee0bad';

/** Fifty secrets in the forms in which logs, configs and values hold them (day2-ops S6). */
export const canaries: readonly Canary[] = [
  c('access token §', 'syt_Ym90_CANARYCANARYCANARY_0abcde'),
  c('refresh §', 'syr_CANARYCANARYCANARY'),
  c('login §', 'syl_CANARYCANARYCANARY'),
  c('MAS issued § to a client', 'mat_CANARYCANARY_x1y2z3'),
  c('MAS refresh §', 'mar_CANARYCANARY_x1y2z3'),
  c('Compatibility token issued: §', 'mct_CANARYCANARY_x1y2z3'),
  c('compat refresh §', 'mcr_CANARYCANARY_x1y2z3'),
  c('personal session §', 'mpt_CANARYCANARY_x1y2z3'),
  c('Authorization: Bearer §', 'CANARY.7d1f0a-token'),
  c('"authorization":"Bearer §"', 'CANARY7d1f0a'),
  c('Authorization: Basic §', 'Q0FOQVJZOkNBTkFSWQ=='),
  c('GET /sync?access_token=§&since=s1', 'CANARY7d1f0a'),
  c('GET /x?access_token%3D§', 'CANARY7d1f0a'),
  c('ed25519 a_CANA §', base64),
  c('signing_key: "ed25519 0 §"', base64),
  c('AWS_ACCESS_KEY_ID is §', 'AKIA'.concat('CANARYCANARY2345')),
  c('aws_secret_access_key=§', 'CANARY/canary+0123456789/abcdefghijklmno'),
  c('remote: §@github', 'ghp_'.concat(alnum)),
  c('§ in env', 'github_pat_'.concat(alnum)),
  c('CI_TOKEN §', 'glpat-'.concat('CANARYcanary01234567')),
  c('webhook with §', 'xoxb-'.concat('0123456789-CANARYcanary')),
  c('maps key §', 'AIza'.concat('SyCANARYcanary0123456789abcdefghijk')),
  c('oauth §', 'ya29.'.concat('CANARYcanary0123456789')),
  c('secret of google: §', 'GOCSPX-'.concat('CANARYcanary0123456789')),
  c('droplet §', 'dop_v1_'.concat(hex)),
  c('pay §', 'sk_live_'.concat('CANARYcanary0123')),
  c('registry §', 'npm_'.concat(alnum)),
  c('upload §', 'pypi-'.concat(alnum)),
  c('vault §', 'hvs.'.concat(alnum)),
  c('mail §', 'SG.'.concat('CANARYcanary01234.CANARYcanary0123456789')),
  c('docker login §', 'dckr_pat_'.concat('CANARYcanary0123456789')),
  c('cloudflare api-token: §', 'CANARYcanary0123456789abcdefghijklmnopqrs'),
  c('CF_API_TOKEN=§', 'CANARYcanary0123456789abcdefghijklmnopqrs'),
  c('CLOUDFLARE_API_KEY=§', '0badc0ffee0badc0ffee0badc0ffee0badc0f'),
  c('age identity §', 'AGE-SECRET-KEY-1'.concat('CANARYCANARYCANARYCANARYCANARY')),
  c('telegram §', '123456789'.concat(':AACANARYcanary0123456789abcdefghijk')),
  c('token of LiveKit §', 'eyJhbGciOiJI.eyJDQU5BUlki.Q0FOQVJZY2FuYXJ5'),
  c('postgres://synapse_user:§@ess-postgres:5432/synapse', 'CANARY7d1f0a'),
  c('redis://:§@ess-redis:6379', 'CANARY7d1f0a'),
  c('https://anna:§@example.org/x', 'CANARY7d1f0a'),
  c('{"password":"§","user":"anna"}', 'CANARY canary'),
  c('POSTGRES_PASSWORD=§', 'CANARY7d1f0a'),
  c('PGPASSWORD=§ psql', 'CANARY7d1f0a'),
  c('registration_shared_secret: "§"', 'CANARY7d1f0a'),
  c('macaroon_secret_key: §', 'CANARY7d1f0a'),
  c('MAS_ENCRYPTION_SECRET: §', hex),
  c('client_secret=§', 'CANARY7d1f0a'),
  c('run --password § now', 'CANARY7d1f0a'),
  c('recovery key §', 'EsTc CANA RYxx 1234 1234 1234 1234 1234 1234 1234 1234 CARY'),
  c(
    '-----BEGIN PRIVATE KEY----- § -----END PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCANARY',
  ),
];
