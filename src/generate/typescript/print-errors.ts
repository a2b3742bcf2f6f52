import type { EnumSchema } from '../../codec/schema/schema.js'
import { codeName } from '../../error/code.js'
import type { ReasonSpec } from '../../error/define-errors.js'
import { errorReasons } from '../../service/proto-schema/error-reasons.js'
import type { FileScope } from './file-scope.js'
import { propertyKey, quoted } from './text/literal.js'

const ERROR = 'tierkit/error'

/** The errors of an enum that names reasons; empty for any other. */
export function printErrors(type: EnumSchema, scope: FileScope): string {
  const defined = errorReasons(type)
  if (!defined) return ''
  const { module } = scope
  const reasons = module.type(ERROR, 'ErrorReasons')
  const spec = module.type(ERROR, 'ReasonSpec')
  const names = Object.keys(defined.reasons)
  const types = names.map((name) => `  readonly ${propertyKey(name)}: ${spec}\n`)
  const specs = names.map((name) => `    ${propertyKey(name)}: ${printSpec(defined.reasons[name], scope)},\n`)
  return (
    `/** Errors with the reasons of \`${type.fullName}\`. */\n` +
    `export const ${scope.errors(type.fullName)}: ${reasons}<{\n${types.join('')}}> = ` +
    `${module.value(ERROR, 'defineErrors')}({\n  domain: ${quoted(defined.domain)},\n  reasons: {\n${specs.join('')}  },\n})\n`
  )
}

function printSpec(spec: ReasonSpec | undefined, scope: FileScope): string {
  if (!spec) return '{}'
  const parts = [
    `code: ${scope.module.value(ERROR, 'Code')}.${codeName(spec.code)}`,
    ...(spec.httpStatus === undefined ? [] : [`httpStatus: ${spec.httpStatus}`]),
    ...(spec.message === undefined ? [] : [`message: ${quoted(spec.message)}`]),
  ]
  return `{ ${parts.join(', ')} }`
}
