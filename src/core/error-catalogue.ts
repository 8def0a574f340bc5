/** How an error is answered: the person asked wrongly, may not, or something failed. */
export type ErrorKind = 'usage' | 'refused' | 'failed';

interface ErrorEntry {
  readonly kind: ErrorKind;
  /** Exit code on the terminal (sysexits.h where one fits). */
  readonly exit: number;
}

const usage = { kind: 'usage', exit: 64 } as const satisfies ErrorEntry;
const refused = { kind: 'refused', exit: 77 } as const satisfies ErrorEntry;
const failed = { kind: 'failed', exit: 1 } as const satisfies ErrorEntry;
const unavailable = { kind: 'failed', exit: 69 } as const satisfies ErrorEntry;
const config = { kind: 'failed', exit: 78 } as const satisfies ErrorEntry;
const noInput = { kind: 'failed', exit: 66 } as const satisfies ErrorEntry;

/**
 * Every error that a person can be shown. A code is never renamed and never used again for
 * something else: people search for it. Words: `src/core/words/<language>/errors.ts`.
 */
export const errorCatalogue = {
  E_ID_INVALID: usage,
  E_INTERNAL: failed,
  // parser
  E_PARSE_EMPTY: usage,
  E_PARSE_QUOTE: usage,
  E_PARSE_TOO_LONG: usage,
  E_PARSE_CHARACTER: usage,
  E_PARSE_SECOND_COMMAND: usage,
  E_COMMAND_UNKNOWN: usage,
  E_COMMAND_INCOMPLETE: usage,
  E_FLAG_UNKNOWN: usage,
  E_FLAG_VALUE_MISSING: usage,
  E_FLAG_VALUE_EXTRA: usage,
  E_FLAG_REPEATED: usage,
  E_ARGUMENT_MISSING: usage,
  E_ARGUMENT_EXTRA: usage,
  E_ARGUMENT_INVALID: usage,
  // permission
  E_ROLE_TOO_LOW: refused,
  E_NOT_ALLOWED: refused,
  E_TERMINAL_ONLY: refused,
  E_PERSON_ONLY: refused,
  E_ACCOUNT_PROTECTED_RANK: refused,
  E_ACCOUNT_PROTECTED_ADMIN: refused,
  E_ACCOUNT_IS_BOT: refused,
  E_ACCOUNT_IS_SELF: refused,
  E_ACCOUNT_LAST_ADMIN: refused,
  E_ACCOUNT_LAST_ROLE_ADMIN: refused,
  // confirmation and jobs
  E_CONFIRM_EXPIRED: refused,
  E_CONFIRM_READ_LATE: refused,
  E_CONFIRM_WRONG_PERSON: refused,
  E_CONFIRM_WRONG_CODE: refused,
  E_CONFIRM_NOT_A_CODE: refused,
  E_CONFIRM_CHANGED: refused,
  E_CONFIRM_NO_TTY: refused,
  E_JOB_UNKNOWN: usage,
  E_JOB_NOT_YOURS: refused,
  E_JOB_NOT_CANCELLABLE: refused,
  E_JOB_TIMEOUT: failed,
  E_SHUTTING_DOWN: unavailable,
  // audit and store
  E_AUDIT_UNWRITABLE: refused,
  E_AUDIT_HOLDS: usage,
  E_AUDIT_BROKEN: refused,
  E_STORE_FULL: refused,
  E_STORE_LOCKED: unavailable,
  E_STORE_NEWER: config,
  E_STORE_CORRUPT: failed,
  E_STORE_SPARE_CORRUPT: failed,
  E_STORE_UNREADABLE: config,
  // config
  E_CONFIG_MISSING: noInput,
  E_CONFIG_UNREADABLE: noInput,
  E_CONFIG_UNTRUSTED: config,
  E_CONFIG_SYNTAX: config,
  E_CONFIG_INVALID: config,
  E_CONFIG_NOBODY_ALLOWED: config,
  E_ADDRESS_UNUSABLE: config,
  E_SECRET_UNREADABLE: config,
  E_SECRET_MODE: config,
  // terminal
  E_TERMINAL_FORBIDDEN: refused,
  E_TERMINAL_NO_BOT: refused,
  E_TERMINAL_LOST: unavailable,
  E_TERMINAL_PROTOCOL: { kind: 'failed', exit: 76 },
  E_TERMINAL_BUSY: unavailable,
  // Matrix
  E_HOMESERVER_UNREACHABLE: unavailable,
  E_HOMESERVER_NOT_MATRIX: config,
  E_TOKEN_REVOKED: { kind: 'failed', exit: 79 },
  E_TOKEN_IS_ADMIN: config,
  E_ROOM_NOT_JOINED: config,
  E_ROOM_UNKNOWN: config,
  // encryption
  E_CRYPTO_NO_DEVICE: config,
  E_CRYPTO_OTHER_DEVICE: config,
  E_CRYPTO_KEYS_LOST: config,
  E_CRYPTO_STORE_KEY: config,
  E_CRYPTO_STORE_CORRUPT: failed,
  E_CRYPTO_FAILED: failed,
  E_IDENTITY_NOT_HERE: config,
  E_RECOVERY_KEY_INVALID: usage,
  E_RECOVERY_KEY_ON_LINE: usage,
  E_RECOVERY_KEY_WRONG: refused,
  E_RECOVERY_KEY_UNREADY: unavailable,
  E_RECOVERY_KEY_SHOWN: usage,
  E_RECOVERY_NONE: config,
  E_RECOVERY_MISMATCH: config,
  E_PERSON_UNPINNED: usage,
  E_PERSON_UNCHANGED: usage,
  E_BOT_NOT_RUNNING: unavailable,
  E_VERIFY_NOBODY: failed,
  E_VERIFY_CANCELLED: failed,
  // the cluster
  E_KUBERNETES_CONFIG: config,
  E_KUBERNETES_UNREACHABLE: unavailable,
  E_KUBERNETES_UNAUTHORIZED: config,
  E_KUBERNETES_FORBIDDEN: config,
  E_KUBERNETES_NOT_FOUND: failed,
  E_KUBERNETES_CONFLICT: failed,
  E_KUBERNETES_INVALID: failed,
  E_KUBERNETES_POLICY: refused,
  E_KUBERNETES_ANSWER: failed,
  E_KUBERNETES_EXEC_FAILED: failed,
  E_KUBERNETES_EXEC_CUT: failed,
  // users and tokens
  E_ADMIN_API_FORBIDDEN: config,
  E_ADMIN_API_UNREACHABLE: unavailable,
  E_ADMIN_API_ANSWER: failed,
  E_USER_UNKNOWN: usage,
  E_USER_EXISTS: usage,
  E_USER_DEACTIVATED: usage,
  E_USER_DEACTIVATED_ALREADY: usage,
  E_USER_ACTIVE: usage,
  E_USER_PAGE_BEYOND: usage,
  E_USER_PASSWORD_UNSURE: unavailable,
  E_USER_OTHER_SERVER: usage,
  E_TOKEN_UNKNOWN: usage,
  E_SECRET_CODE_UNKNOWN: usage,
  E_SECRET_REPLACED: usage,
  E_SECRET_DEACTIVATED: usage,
  E_SECRET_REVOKED: usage,
  E_ERROR_ID_UNKNOWN: usage,
  // components of the release
  E_KUBERNETES_NOT_CONFIGURED: config,
  E_COMPONENT_UNKNOWN: usage,
  E_COMPONENT_NOT_INSTALLED: usage,
  E_RELEASE_EMPTY: config,
  E_ENDPOINT_MISSING: failed,
  E_ENDPOINT_UNREACHABLE: unavailable,
  E_CONTAINER_UNKNOWN: usage,
  E_LOGS_BUSY: refused,
  E_BUNDLE_BUSY: refused,
  E_BUNDLE_NO_ROOM: failed,
  E_BUNDLE_UNWRITABLE: failed,
  E_SCALE_SINGLE: refused,
  E_SCALE_LASTING: refused,
  E_HEALING_OFF: config,
  // alerts
  E_ALERTS_OFF: config,
  E_ALERT_UNKNOWN: usage,
  E_ALERTMANAGER_NOT_SET: config,
  E_ALERTMANAGER_UNREACHABLE: unavailable,
  E_ALERTMANAGER_REFUSED: failed,
  E_SILENCE_UNKNOWN: usage,
  E_NOTIFY_OFF: config,
  E_CHANNEL_UNKNOWN: usage,
  E_ALERT_TEST_LOST: failed,
  E_ALERT_TEST_SILENCED: failed,
  E_SILENCE_ELSEWHERE: usage,
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;
