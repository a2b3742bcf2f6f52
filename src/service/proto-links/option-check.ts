import protobuf, { type Field, type ReflectionObject, type Type } from 'protobufjs'
import { addBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { fileOf } from '../../codec/schema/locate.js'
import type { Finding } from '../proto-check/finding.js'
import type { OptionName, OptionSyntax } from '../proto-syntax/syntax.js'
import { Declarations, isExtension, isMessage, isType, nameOf } from './declarations.js'
import { ValueCheck } from './value-check.js'

const DESCRIPTOR = 'google/protobuf/descriptor.proto'

// Made of constants when options are first checked, and the same for everyone.
let bundled: Declarations | undefined

function bundledDeclarations(): Declarations {
  if (bundled) return bundled
  const root = new protobuf.Root()
  addBundled(root, DESCRIPTOR)
  bundled = new Declarations(root)
  return bundled
}

/** Where options are written. */
export interface OptionPlace {
  /** What has them: `Field`, `EnumValue`. */
  readonly kind: string
  /** Full name of the declaration that they are in, or the package. */
  readonly scope: string
}

/** A field of options, with what its type is looked up in. */
interface Found {
  readonly field: Field
  readonly declarations: Declarations
}

/** Finds options that there are not, or that are set to what they cannot be. */
export class OptionCheck {
  readonly #declarations: Declarations
  readonly #visible: ReadonlySet<string>
  readonly #edition: string

  constructor(declarations: Declarations, visible: ReadonlySet<string>, edition: string) {
    this.#declarations = declarations
    this.#visible = visible
    this.#edition = edition
  }

  /** What is wrong with options. */
  check(options: readonly OptionSyntax[], place: OptionPlace): Finding[] {
    const set: string[] = []
    return options.flatMap((option) => this.#option(option, place, set))
  }

  #option({ name, value }: OptionSyntax, { kind, scope }: OptionPlace, set: string[]): Finding[] {
    const [first] = name
    if (!first) return []
    const path = name.map(({ text, isExtension: inBrackets }) => (inBrackets ? `(${text.replace(/^\./, '')})` : text))
    const wrong = (text: string): Finding[] => [{ at: first.at, text }]
    const holder = `google.protobuf.${kind}Options`
    if (path[0] === 'features' && this.#edition.startsWith('proto')) return wrong('only editions have features')
    let found: Found | undefined
    for (const part of name) {
      const owner = found ? this.#typeOf(found) : undefined
      if (found && !owner) return wrong(`${path.join('.')} is no option: it is set within what is no message`)
      if (found?.field.repeated)
        return wrong(`a part of ${path.join('.')} has many values: it is set to whole messages only`)
      const next = this.#part(part, owner?.fullName.slice(1) ?? holder, { scope, owner: found })
      if (typeof next === 'string') return [{ at: part.at, text: next }]
      found = next
    }
    if (!found) return []
    if (!found.field.repeated && set.some((other) => covers(other, path.join('.'))))
      return wrong(`${path.join('.')} is set already`)
    set.push(path.join('.'))
    return new ValueCheck(found.declarations, this.#declarations, scope).check(found.field, value, path.join('.'))
  }

  /** The field that a part of a name stands for in a message, or what is wrong with it. */
  #part(
    { text, isExtension: inBrackets }: OptionName,
    holder: string,
    { scope, owner }: { readonly scope: string; readonly owner: Found | undefined },
  ): Found | string {
    if (inBrackets) return this.#extension(text, holder, scope)
    const places = owner ? [owner.declarations] : [this.#declarations, bundledDeclarations()]
    for (const declarations of places) {
      const type: ReflectionObject | undefined = declarations.get(holder)
      const field = type && isMessage(type) && type.fieldsArray.find((one) => nameOf(one) === text)
      if (field && text !== 'uninterpreted_option') return { field, declarations }
    }
    return owner ? `${holder} has no field ${text}` : `no such option: ${text}`
  }

  #extension(text: string, holder: string, scope: string): Found | string {
    const declarations = this.#declarations
    const field = declarations.find(text, scope, isExtension)
    if (!field) return `no such option: (${text})`
    if (!this.#visible.has(fileOf(field))) return `(${text}) is of ${fileOf(field)}, which is not imported`
    const outer = field.parent?.fullName.slice(1) ?? ''
    const extended = declarations.find(field.extend ?? '', outer, isMessage)?.fullName.slice(1) ?? field.extend
    return extended === holder ? { field, declarations } : `(${text}) is an option of ${extended}, not of ${holder}`
  }

  #typeOf({ field, declarations }: Found): Type | undefined {
    const type = declarations.find(field.type, field.parent?.fullName.slice(1) ?? '', isType)
    return type && isMessage(type) ? type : undefined
  }
}

/** True of an option that another one is, or is a part of. Parts may be added to what was set whole. */
function covers(other: string, path: string): boolean {
  return other === path || other.startsWith(`${path}.`)
}
