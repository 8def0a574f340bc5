import type { Secret } from './secret.ts';

/** What stands in the place of a secret. */
export const masked = '[masked]';

/** Shorter values are not looked for: they would be found everywhere. */
const shortestKnown = 6;

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Names of fields whose value is a secret, in JSON, YAML, URL queries, forms and flags. */
const fieldNames = [
  '(?:(?:new|old|current|admin|user|bind|db)[-_]?)?pass(?:word|wd|phrase)',
  '(?:access|refresh|login|id|registration|api|auth|bearer|sync|device)[-_]?token',
  // Matrix error codes (`M_UNKNOWN_TOKEN: why`) are no names of fields.
  '(?!M_)(?:[a-z0-9]{1,40}[-_]){1,5}(?:token|pass|passwd|password|passphrase)',
  '(?:[a-z0-9]{1,40}[-_]){0,5}(?:secret|secret[-_]key|shared[-_]secret|private[-_]key|recovery[-_]key|api[-_]?key)',
  '(?:[a-z0-9]{1,40}[-_]){0,5}(?:access[-_]key|account[-_]?key|encryption[-_]key|signing[-_]key|macaroon)',
  'clientSecret|sharedSecret|privateKey|recoveryKey|secretKey|mac|pgpassword|mysql_pwd|token',
].join('|');

/** Tokens of others, by the prefix that their makers gave them so that they can be found. */
const cloudTokens = [
  String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
  String.raw`gh[pousr]_[A-Za-z0-9]{20,}`,
  String.raw`github_pat_[A-Za-z0-9_]{20,}`,
  String.raw`gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{16,}`,
  String.raw`(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}`,
  String.raw`AIza[A-Za-z0-9_-]{30,}`,
  String.raw`ya29\.[A-Za-z0-9_-]{16,}`,
  String.raw`GOCSPX-[A-Za-z0-9_-]{16,}`,
  String.raw`do[opr]_v1_[a-f0-9]{32,}`,
  String.raw`(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}`,
  String.raw`sk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}`,
  String.raw`npm_[A-Za-z0-9]{30,}`,
  String.raw`pypi-[A-Za-z0-9_-]{30,}`,
  String.raw`hf_[A-Za-z0-9]{20,}`,
  String.raw`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`,
  String.raw`hvs\.[A-Za-z0-9_-]{20,}`,
  String.raw`dckr_pat_[A-Za-z0-9_-]{16,}`,
  String.raw`cf[a-z]{1,3}_[A-Za-z0-9]{30,}`,
  String.raw`AGE-SECRET-KEY-1[A-Z0-9]{20,}`,
  String.raw`\d{8,10}:AA[A-Za-z0-9_-]{30,}`,
].join('|');

// What an earlier rule has masked in it belongs to it, with its bracket.
const value = String.raw`(?:\\{0,8}"(?:[^"\\]|\\.){0,10000}"?|'[^']{0,10000}'?|(?:\[masked\]|[^\s"'&,;)}\]]){1,10000})`;

/**
 * `/etc/urtc/secrets/bot-token: it is empty`: a file that is named for what it holds, and what is
 * said of it. Only before these words, which no token is, and only where more words follow.
 */
const sentenceAboutFile =
  '(?<=/[A-Za-z0-9._-]{1,100}token: )(?:a|an|cannot|is|it|its|no|not|permission|the|this|too) [a-z]';

/** Names as they stand in config files, where a value may follow without `=` or `:`. */
const configNames = [
  '(?:[a-z0-9]{1,40}_){1,5}(?:secret|secret_key|password|passwd|passphrase|private_key|api_key)',
  '(?:access|refresh|login|registration|api|auth|bearer)_token',
].join('|');

/**
 * Secrets that can be told by their shape alone. Whoever writes a log chooses the text: what repeats
 * is bounded, so that no text takes much longer than its length.
 */
const rules: readonly Rule[] = [
  // PEM (RFC 7468): to its end, the next one's begin, or the text's end.
  {
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----BEGIN )[\s\S]){0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?=-----BEGIN )|$)/g,
    replacement: masked,
  },
  // HTTP (RFC 9110 §11.6.2); also as `Authorization: Bearer x` inside a longer text.
  {
    pattern: /\b(Bearer|Basic)(\s+|%20|\+)[A-Za-z0-9._~+/=:-]{4,}/gi,
    replacement: `$1$2${masked}`,
  },
  // User and password in a URL (RFC 3986 §3.2.1).
  { pattern: /(\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/g, replacement: `$1:${masked}@` },
  // Tokens of Synapse (access, refresh, login) and of the Matrix Authentication Service.
  {
    pattern: /(?<![A-Za-z0-9])(syt|syr|syl|mat|mar|mct|mcr|mpt)_[A-Za-z0-9_=-]{6,}/g,
    replacement: `$1_${masked}`,
  },
  // Synapse's signing key (`ed25519 a_key <seed>`, signedjson's file form).
  { pattern: /\b(ed25519\s+\w{1,64})\s+[A-Za-z0-9+/]{43}=?/g, replacement: `$1 ${masked}` },
  // JSON Web Tokens (RFC 7519): LiveKit, OpenID Connect, service accounts.
  {
    pattern:
      /(?:(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}|\beyJ[A-Za-z0-9_-]{8,200})\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
    replacement: masked,
  },
  // Tokens of clouds and forges that can be told by their prefix.
  { pattern: new RegExp(String.raw`(?<![A-Za-z0-9])(?:${cloudTokens})`, 'g'), replacement: masked },
  // Synapse's admin API names a registration token in its path.
  {
    pattern: /(\/registration_tokens\/)(?!new\b)[^\s/?#"']{1,200}/g,
    replacement: `$1${masked}`,
  },
  // Recovery key (Matrix spec, Client-Server API, "Key representation"): base58 in groups of four.
  { pattern: /\bE[sS][A-Za-z0-9]{2}(?:\s?[1-9A-Za-z]{4}){11}\b/g, replacement: masked },
  // LiveKit's keys: the name of a key, then its secret (`keys: APIabc: secret`).
  {
    pattern:
      /((?<![A-Za-z0-9])keys\\{0,8}["']?\s{0,5}[=:]\s{0,5}(?:\{\s{0,5})?\\{0,8}["']?[A-Za-z0-9_-]{3,64}\\{0,8}["']?\s{0,5}:\s{0,5}\\{0,8}["']?)(?!\/\/)[^\s"'\\&,;)}[\]]{16,10000}/gi,
    replacement: `$1${masked}`,
  },
  {
    pattern:
      /(?<![A-Za-z0-9])(API[A-Za-z0-9]{3,40}\\{0,8}["']?\s{0,5}[=:]\s{0,5}\\{0,8}["']?)(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{20,}/g,
    replacement: `$1${masked}`,
  },
  // Cookies (RFC 6265): all that is on the line.
  {
    pattern:
      /((?<![A-Za-z0-9_-])(?:Set-)?Cookie\\{0,8}["']?\s{0,5}[=:]\s{0,5}(?:\[\s{0,5})?\\{0,8}["']?)(?=[^\s=;"'\\]{1,200}=)[^\r\n"'\\]{1,10000}/gi,
    replacement: `$1${masked}`,
  },
  // As a sentence says it.
  {
    pattern:
      /\b((?:password|passphrase|passwd)\s{1,5}(?:is|was)\s{1,5})(?:"[^"\n]{1,500}"|'[^'\n]{1,500}')/gi,
    replacement: `$1${masked}`,
  },
  // `name value` of a config file, where the value is no word.
  {
    pattern: new RegExp(
      String.raw`((?<![A-Za-z0-9_-])(?:${configNames})[ \t]{1,5})(?=[^\s"'&,;)}\]\d]{0,200}\d)[^\s"'&,;)}[\]]{8,10000}`,
      'gi',
    ),
    replacement: `$1${masked}`,
  },
  // `pass` is a name only where a value plainly follows.
  {
    pattern: new RegExp(
      String.raw`((?<![A-Za-z0-9_.-])pass(?:(?:=|%3D)(?=[^\s&,;]{4})|\\{0,8}["']?\s{0,5}:\s{0,5}(?=\\{0,8}["'])))(?!\[masked\])${value}`,
      'gi',
    ),
    replacement: `$1${masked}`,
  },
  // name: value, "name": "value", name=value, --name value.
  {
    pattern: new RegExp(
      String.raw`((?<![A-Za-z0-9_])(?:--)?\\{0,8}(?!\\)["']?(?<![A-Za-z0-9])(?:${fieldNames})\\{0,8}["']?\s{0,5}(?:[=:]|%3D)\s{0,5})(?!\[masked\])(?!${sentenceAboutFile})${value}`,
      'gi',
    ),
    replacement: `$1${masked}`,
  },
  {
    pattern: new RegExp(
      String.raw`((?<!\S)--(?:${fieldNames})\s{1,5})(?!\[masked\])${value}`,
      'gi',
    ),
    replacement: `$1${masked}`,
  },
];

/** The forms in which a value may turn up in a text: as it is, in JSON, in a URL, in base64. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
}

/**
 * Takes secrets out of texts that are kept or shown (error log, audit, log file): the ones it was
 * told of, in the usual encodings, and whatever has the shape of one. A second line of defence: the
 * first is that secrets travel as `Secret`.
 */
export class Mask {
  readonly #known = new Map<string, number>();

  /**
   * From now on this value is masked, until the returned function is called. Values under 6
   * characters are left to the rules by shape.
   */
  register(secret: Secret<string>): () => void {
    const text = secret.reveal();
    if (text.length < shortestKnown) return () => undefined;
    this.#known.set(text, (this.#known.get(text) ?? 0) + 1);
    let registered = true;
    return () => {
      if (!registered) return;
      registered = false;
      const count = (this.#known.get(text) ?? 1) - 1;
      if (count === 0) this.#known.delete(text);
      else this.#known.set(text, count);
    };
  }

  /** The text without secrets. */
  apply(text: string): string {
    // Longest first: a secret that begins with another one must go as a whole.
    const forms = [...this.#known.keys()].flatMap(formsOf).sort((a, b) => b.length - a.length);
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, masked);
    for (const { pattern, replacement } of rules) clean = clean.replace(pattern, replacement);
    return clean;
  }
}
