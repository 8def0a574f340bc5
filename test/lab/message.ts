/** How a person writes a message. */
export interface MessageOptions {
  /** Id of the thread's root event. */
  readonly thread?: string;
  /** Id of the event that is replied to. */
  readonly reply?: string;
  /** Default `m.text`. */
  readonly msgtype?: string;
  /** HTML beside the plain text. */
  readonly formatted?: string;
  /** Put into (over) the content as it is, for what no proper client would write. */
  readonly content?: Readonly<Record<string, unknown>>;
  /** Default: a fresh one. */
  readonly txnId?: string;
}

const relationFor = ({ thread, reply }: MessageOptions): Record<string, unknown> | undefined => {
  if (thread !== undefined) {
    return {
      rel_type: 'm.thread',
      event_id: thread,
      'm.in_reply_to': { event_id: reply ?? thread },
      is_falling_back: reply === undefined,
    };
  }
  return reply === undefined ? undefined : { 'm.in_reply_to': { event_id: reply } };
};

/** The content of an `m.room.message`, as Element writes it. */
export const messageContent = (
  text: string,
  options: MessageOptions = {},
): Record<string, unknown> => {
  const relation = relationFor(options);
  return {
    msgtype: options.msgtype ?? 'm.text',
    body: text,
    ...(options.formatted === undefined
      ? {}
      : { format: 'org.matrix.custom.html', formatted_body: options.formatted }),
    ...(relation === undefined ? {} : { 'm.relates_to': relation }),
    ...options.content,
  };
};

/** The content of an edit of an own message. */
export const editContent = (eventId: string, text: string): Record<string, unknown> => ({
  msgtype: 'm.text',
  body: `* ${text}`,
  'm.new_content': { msgtype: 'm.text', body: text },
  'm.relates_to': { rel_type: 'm.replace', event_id: eventId },
});
