import { fieldFeatures, hasFeatures, withFeatures } from '../../codec/schema/features.js'
import type { FieldSchema, Options, OptionValue, TypeReference } from '../../codec/schema/schema.js'
import { block, commentLines } from './block.js'
import { type FileView, optionStatements, typeName, withOptions } from './file-view.js'
import { quoted, quotedBytes, scalarText } from './text-format.js'

/** Where a field stands. */
export interface FieldPlace {
  /** Full name of its message. */
  readonly scope: string
  readonly inOneof?: boolean
  /** What stands in the braces of a group. */
  readonly group?: readonly string[] | undefined
}

/** A field, a map or a group. */
export function fieldLines(view: FileView, field: FieldSchema, place: FieldPlace): string[] {
  const { comment, no, type } = field
  const statements = fieldStatements(view, field, place)
  const label = labelOf(view, field, place)
  if (place.group && typeof type === 'object') {
    const written = statements.length === 0 ? '' : ` [${statements.map((lines) => lines.join(' ')).join(', ')}]`
    return [...commentLines(comment), ...block(`${label}group ${type.path.at(-1)} = ${no}${written}`, place.group)]
  }
  const declared = `${label}${typeText(view, field, place)} ${field.protoName} = ${no}`
  return [...commentLines(comment), ...withOptions(declared, statements)]
}

function labelOf({ edition }: FileView, field: FieldSchema, { inOneof = false }: FieldPlace): string {
  const { shape, presence, required, optional } = field
  if (shape === 'list') return 'repeated '
  if (shape === 'map' || inOneof || hasFeatures(edition)) return ''
  if (edition === 'proto2') return required ? 'required ' : 'optional '
  const isMessage = typeof field.type === 'object' && field.type.kind === 'message'
  // Extensions can be absent whatever is written.
  return optional || (presence && !isMessage && !('extendee' in field)) ? 'optional ' : ''
}

function typeText(view: FileView, { type, shape, mapKey }: FieldSchema, { scope }: FieldPlace): string {
  const name = typeof type === 'string' ? type : typeName(view, type, scope)
  return shape === 'map' ? `map<${mapKey}, ${name}>` : name
}

function fieldStatements(view: FileView, field: FieldSchema, { inOneof = false }: FieldPlace): string[][] {
  const { default: fallback, json_name: _, packed, ...options } = field.options
  const special: Record<string, string> = {}
  if (fallback !== undefined) special.default = defaultText(fallback, field.type)
  if (field.jsonName !== defaultJsonName(field.protoName)) special.json_name = quoted(field.jsonName)
  const editions = hasFeatures(view.edition)
  const said: Options = {
    ...(editions || packed === undefined ? {} : { packed }),
    ...(field.deprecated && { deprecated: true }),
    ...withFeatures(options, fieldFeatures(field, inOneof), view),
  }
  return [...Object.entries(special).map(([name, text]) => [`${name} = ${text}`]), ...optionStatements(view, said)]
}

function defaultText(value: OptionValue, type: string | TypeReference): string {
  if (type === 'string') return quoted(String(value))
  if (type !== 'bytes') return scalarText(value, typeof type === 'string' ? type : 'enum')
  return quotedBytes(String(value))
}

/** The name in JSON that a field has when its file says nothing. */
export function defaultJsonName(protoName: string): string {
  return protoName.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase())
}
