import { errorReasons } from '../../service/proto-schema/error-reasons.js'
import type { FileSchema } from '../../service/proto-schema/proto-schema.js'

/** Words that cannot name a declaration, and globals that generated code uses. */
const RESERVED = new Set(
  (
    'arguments any as asserts async await bigint boolean break case catch class const continue debugger declare default ' +
    'delete do else enum eval export extends false finally for function get if implements import in infer instanceof ' +
    'interface is keyof let module namespace never new null number object of package private protected public readonly ' +
    'require return set static string super switch symbol this throw true try type typeof undefined unique unknown var ' +
    'void while with yield JSON Uint8Array'
  ).split(' '),
)

/** What a generated file exports, by full name of the declaration. */
export interface ExportNames {
  /** `Order_Item` for `Item` in `Order`. */
  readonly declared: ReadonlyMap<string, string>
  /** The type of messages as they are written: `Order_ItemInit`. */
  readonly inits: ReadonlyMap<string, string>
  /** The errors of an enum that names reasons: `OrderErrors` for `OrderErrorReason`. */
  readonly errors: ReadonlyMap<string, string>
}

/** What a generated file exports its declarations as, with a `$` behind a name that the language or another one has. */
export function exportNames(file: FileSchema): ExportNames {
  const taken = new Set([fileExportName(file.name)])
  const name = (wanted: string): string => {
    let free = wanted
    while (taken.has(free) || RESERVED.has(free)) free += '$'
    taken.add(free)
    return free
  }
  const declarations = [
    ...file.messages.map(({ fullName, path }) => ({ fullName, path })),
    ...file.enums.map(({ fullName, path }) => ({ fullName, path })),
    ...file.services.map((service) => ({ fullName: service.fullName, path: [service.name] })),
  ]
  // Those at the top have their name for certain: one that is put together from several gives way.
  const inOrder = declarations.sort((a, b) => a.path.length - b.path.length)
  const declared = new Map(inOrder.map(({ fullName, path }) => [fullName, name(path.join('_'))]))
  const inits = new Map(file.messages.map(({ fullName }) => [fullName, name(`${declared.get(fullName)}Init`)]))
  const naming = file.enums.filter((type) => errorReasons(type) !== undefined)
  const errors = new Map(naming.map(({ fullName }) => [fullName, name(errorsName(declared.get(fullName) ?? ''))]))
  return { declared, inits, errors }
}

function errorsName(enumName: string): string {
  const name = enumName.replace(/Reasons?$/, '')
  return name.endsWith('Error') ? `${name}s` : `${name}Errors`
}

/** What a generated file exports its file object as: `file_shop_v1_orders`. */
export function fileExportName(name: string): string {
  return `file_${name.replace(/\.proto$/, '').replace(/\W/g, '_')}`
}
