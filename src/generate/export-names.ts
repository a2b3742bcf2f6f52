import type { FileSchema } from '../service/proto-schema/proto-schema.js'

/** Words that cannot name a declaration, and globals that generated code uses. */
const RESERVED = new Set(
  (
    'arguments any as asserts async await bigint boolean break case catch class const continue debugger declare default ' +
    'delete do else enum eval export extends false finally for function get if implements import in infer instanceof ' +
    'interface is keyof let module namespace never new null number object of package private protected public readonly ' +
    'require return set static string super switch symbol this throw true try type typeof undefined unique unknown var ' +
    'void while with yield Uint8Array'
  ).split(' '),
)

/**
 * What a generated file exports its declarations as, by full name: `Order_Item` for `Item` in `Order`, with a `$` behind
 * a name that the language or another declaration has.
 */
export function exportNames(file: FileSchema): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const declarations = [
    ...file.messages.map(({ fullName, path }) => ({ fullName, path })),
    ...file.enums.map(({ fullName, path }) => ({ fullName, path })),
    ...file.services.map(({ fullName, name }) => ({ fullName, path: [name] })),
  ]
  // Those at the top have their name for certain: one that is put together from several gives way.
  for (const { fullName, path } of declarations.sort((a, b) => a.path.length - b.path.length)) {
    let name = path.join('_')
    while (taken.has(name) || RESERVED.has(name)) name += '$'
    taken.add(name)
    names.set(fullName, name)
  }
  return names
}

/** What a generated file exports its file object as: `file_shop_v1_orders`. */
export function fileExportName(name: string): string {
  return `file_${name.replace(/\.proto$/, '').replace(/\W/g, '_')}`
}
