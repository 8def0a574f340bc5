/** Logs of components. */
export const logs = {
  'logs.grep.syntax': 'it is no regular expression',
  'logs.grep.looks':
    'look-around, named groups and backreferences are not taken: they could take for ever',
  'logs.grep.big': 'it is too long',
} as const;
