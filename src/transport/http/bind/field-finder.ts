import type { FieldShape, MessageCodec } from '../../kernel.js'
import { pathName } from './fill.js'

/** Finds the fields of a message, and of those inside of it, by contract or JSON name. */
export class FieldFinder {
  readonly #fields: readonly FieldShape[] | undefined
  readonly #indexes = new Map<readonly FieldShape[], ReadonlyMap<string, FieldShape>>()

  constructor(codec: MessageCodec) {
    this.#fields = codec.fields
  }

  /**
   * The fields along a path; `undefined` if one is not there. A codec that does not tell its fields has every one, as
   * text.
   */
  find(path: readonly string[]): FieldShape[] | undefined {
    const shapes: FieldShape[] = []
    let fields = this.#fields
    if (!fields) return path.map((name, index) => unknownField(name, index === path.length - 1))
    for (const name of path) {
      const shape: FieldShape | undefined = fields && this.#index(fields).get(name)
      if (!shape) return undefined
      shapes.push(shape)
      fields = shape.fields
    }
    return shapes
  }

  /** A path in words of the contract, as far as that knows it. */
  pathOf(path: readonly string[]): string {
    for (let known = path.length; known > 0; known -= 1) {
      const shapes = this.find(path.slice(0, known))
      if (shapes) return [pathName(shapes), ...path.slice(known)].join('.')
    }
    return path.join('.')
  }

  #index(fields: readonly FieldShape[]): ReadonlyMap<string, FieldShape> {
    let index = this.#indexes.get(fields)
    if (!index) {
      index = new Map(fields.flatMap((shape) => [[shape.jsonName, shape] as const, [shape.name, shape] as const]))
      this.#indexes.set(fields, index)
    }
    return index
  }
}

function unknownField(name: string, isLeaf: boolean): FieldShape {
  return { name, jsonName: name, kind: isLeaf ? 'string' : 'message', repeated: false }
}
