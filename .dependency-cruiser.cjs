/** The arrows of the house (docs/design.md): each folder may point only downwards. */
const may = (from, to) => ({
  name: `${from}-points-down`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: [from, ...to].map((folder) => `^src/${folder}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    may('core', []),
    may('platform', ['core']),
    may('ops', ['platform', 'core']),
    may('agent', ['platform', 'core']),
    may('commands', ['ops', 'platform', 'core']),
    may('bot', ['commands', 'ops', 'platform', 'core']),
    may('cli', ['bot', 'commands', 'ops', 'platform', 'core']),
    {
      name: 'matrix-only-in-bot',
      comment: 'What is done to the home server must not know where people read about it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/bot/' },
      to: { path: 'matrix-bot-sdk|matrix-sdk-crypto' },
    },
    {
      name: 'kubernetes-only-in-platform',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/' },
      to: { path: '@kubernetes/client-node' },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs'] },
  },
};
