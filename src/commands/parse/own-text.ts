/**
 * What the sender wrote himself, without what his client quoted: leading `>` lines (the reply
 * fallback of Matrix before v1.13, client-server API §11.3 "rich replies", and quotes made by hand)
 * and an `<mx-reply>` block that slipped into the plain body. A command never starts with `>`.
 */
export function ownText(body: string): string {
  const text = withoutBlock(body);
  const lines = text.split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => !line.startsWith('>') && line.trim() !== '');
  return first === -1 ? '' : lines.slice(first).join('\n').trim();
}

function withoutBlock(body: string): string {
  const text = body.trimStart();
  if (!/^<mx-reply>/i.test(text)) return text;
  const end = text.search(/<\/mx-reply>/i);
  return end === -1 ? '' : text.slice(end + '</mx-reply>'.length).trimStart();
}
