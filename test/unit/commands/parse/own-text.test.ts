import { expect, it } from 'vitest';
import { ownText } from '../../../../src/commands/parse/own-text.ts';

it.each<[string, string, string]>([
  ['plain text', '!help', '!help'],
  ['a reply fallback', '> <@bob:x.org> !user remove alice\n\n!help', '!help'],
  ['a fallback of several lines', '> <@bob:x.org> !a\n> !b\n>\n> !c\n\n!help', '!help'],
  ['an emote fallback', '> * <@bob:x.org> waves\n\n!help', '!help'],
  ['CRLF', '> <@bob:x.org> !a\r\n\r\n!help\r\n', '!help'],
  ['a quote made by hand', '> !user remove alice\n!help', '!help'],
  ['only a quote', '> <@bob:x.org> !user remove alice', ''],
  [
    'an mx-reply block',
    '<mx-reply><blockquote>!user remove</blockquote></mx-reply> !help',
    '!help',
  ],
  ['an mx-reply block that never ends', '<mx-reply>!user remove alice\n!help', ''],
  ['an mx-reply block and a quote', '<mx-reply>x</mx-reply>\n> !a\n!help', '!help'],
  ['a quote after the own text', '!help\n> !a', '!help\n> !a'],
  ['nothing', ' \n ', ''],
])('[#9] %s', (_name, body, own) => {
  expect(ownText(body)).toBe(own);
});
