/** So long (ms) a service may take for a message. */
export const messageTimeoutMs = 20_000;
/** And so long a mail server, which may think about who we are. */
export const mailTimeoutMs = 60_000;
