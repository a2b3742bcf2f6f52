import type { ReflectionObject } from 'protobufjs'
import { fileOf } from '../../codec/schema/locate.js'
import type { Word } from '../proto-syntax/syntax.js'
import type { Declarations } from './declarations.js'

/** Looks types up as a file may: those that it declares or imports. */
export class TypeNames {
  readonly #declarations: Declarations
  readonly #visible: ReadonlySet<string>

  constructor(declarations: Declarations, visible: ReadonlySet<string>) {
    this.#declarations = declarations
    this.#visible = visible
  }

  /** The type of a name in a scope; what is wrong with the name if there is none. */
  find<T extends ReflectionObject>(
    { text }: Word,
    scope: string,
    isKind: (object: ReflectionObject) => object is T,
  ): T | string {
    const found = this.#declarations.find(text, scope, isKind)
    if (!found) return `no such type: ${text}`
    return this.#visible.has(fileOf(found)) ? found : `${text} is of ${fileOf(found)}, which is not imported`
  }
}
