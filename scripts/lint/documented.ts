/** What the rule reads of a syntax tree (ESTree with TypeScript's nodes). */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly id?: { readonly name: string } | null;
  readonly declaration?: Node | null;
  readonly source?: object | null;
  readonly specifiers?: readonly { readonly local: { readonly name?: string } }[];
}

/** A comment of the source, without its marks. */
interface Comment {
  readonly type: string;
  readonly value: string;
}

/** What the linter hands to a rule for one file. */
interface Context {
  readonly sourceCode: {
    readonly ast: { readonly body: readonly Node[] };
    readonly getCommentsBefore: (node: Node) => readonly Comment[];
  };
  readonly report: (finding: { readonly node: Node; readonly message: string }) => void;
}

const needsDoc = new Set([
  'FunctionDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
]);
const overload = 'TSDeclareFunction';

/** What a statement declares, where that is something that needs a doc (or an overload of it). */
function declared(statement: Node): Node | null {
  const node = statement.declaration ?? statement;
  return needsDoc.has(node.type) || node.type === overload ? node : null;
}

/** Names that the file exports apart from their declaration: `export { a }`, `export default a`. */
function exportedLater(body: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const { type, source, specifiers = [], declaration } of body) {
    if (type === 'ExportNamedDeclaration' && !source) {
      for (const { local } of specifiers) if (local.name !== undefined) names.add(local.name);
    }
    if (type === 'ExportDefaultDeclaration' && declaration?.name !== undefined) {
      names.add(declaration.name);
    }
  }
  return names;
}

/**
 * Every exported function, interface and type has a doc comment (docs/parity.md, P196). Of overloads
 * the first one has it.
 */
export const documented = {
  create: ({ sourceCode, report }: Context) => ({
    Program(): void {
      const { body } = sourceCode.ast;
      const later = exportedLater(body);
      const seen = new Set<string>();
      for (const statement of body) {
        const node = declared(statement);
        if (node === null) continue;
        const name = node.id?.name ?? 'default';
        const isExported = statement !== node || later.has(name);
        const comment = sourceCode
          .getCommentsBefore(statement)
          .findLast((each) => each.type === 'Block');
        const hasDoc = comment?.value.startsWith('*') ?? false;
        if (isExported && !hasDoc && !seen.has(name)) {
          report({ node: statement, message: `\`${name}\` is exported without a doc comment.` });
        }
        if (node.type === overload || node.type === 'FunctionDeclaration') seen.add(name);
      }
    },
  }),
};
