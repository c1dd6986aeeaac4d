const IMPORTS = [
  /\bfrom\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gu,
  /\bimport\s*\(?\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gu,
  /\brequire(?:\.resolve)?\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gu,
  /\bimport\.meta\.resolve\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gu,
]

/** What a file imports, exports from elsewhere, loads later or requires. */
export const importedSpecifiers = (text: string): readonly string[] =>
  IMPORTS.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ({ groups }) => groups?.['specifier'] ?? ''),
  )
