import { describe, expect, it } from 'vitest';
import { commandsPage } from '../../../../scripts/docs/commands-page.ts';
import { errorsPage } from '../../../../scripts/docs/errors-page.ts';
import { ownPrograms } from '../../../../src/cli/offline.ts';
import { errorCatalogue } from '../../../../src/core/error-catalogue.ts';
import { words as english } from '../../../../src/core/words/en/index.ts';
import { words as chinese } from '../../../../src/core/words/zh/index.ts';
import { exampleCommands } from '../../commands/example-commands.ts';

describe('docs/errors.md', () => {
  it('lists exactly the codes of the catalogue, with kind and exit code', () => {
    const rows = [...errorsPage().matchAll(/^\| `(E_\w+)` \| (\w+) \| (\d+) \| .+ \| .+ \|$/gm)];
    expect(rows.map(([, code, kind, exit]) => [code, kind, Number(exit)])).toEqual(
      Object.entries(errorCatalogue).map(([code, { kind, exit }]) => [code, kind, exit]),
    );
  });

  it('has words for every code in every language, and for nothing else', () => {
    const codes = Object.keys(errorCatalogue).flatMap((code) => [code, `${code}.next`]);
    for (const words of [english, chinese]) {
      const present = Object.keys(words).filter((key) => key.startsWith('E_'));
      expect(present.sort()).toEqual([...codes].sort());
    }
  });
});

describe('docs/commands.md', () => {
  it('tells all that a command says of itself', () => {
    const page = commandsPage(exampleCommands, ownPrograms);
    expect(page).toContain('| `urtc bot recover` |');
    expect(page).toContain('| [`user add`](#user-add) | operator | Done |');
    expect(page).toContain(`## user add

Done. Role operator, changes something.

\`\`\`
user add NAME [LEVEL] [--display-name=TEXT] [--days=DAYS] [--quiet] [--dry-run]
\`\`\`

- \`NAME\`: Done
- \`[LEVEL]\`: Done; one of \`low\`, \`high\`
- \`--display-name=TEXT\`: Done
- \`--days=DAYS\`: Done
- \`--quiet\`: Done
- \`--dry-run\`: shows what would happen and changes nothing

Examples: \`user add alice\`, \`user add alice high --display-name="Alice A." --quiet\``);
    expect(page).toContain("Done. Role owner, reads only, only on the server's terminal.");
  });
});
