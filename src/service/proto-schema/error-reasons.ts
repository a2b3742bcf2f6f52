import type { EnumSchema, EnumValueSchema, Options, OptionValue } from '../../codec/schema/schema.js'
import { Code, codeFrom, type ErrorCode } from '../../error/code.js'
import { type ReasonSpec, reasonProblem } from '../../error/define-errors.js'

/** The reasons that an enum of a contract stands for: what `defineErrors` takes. */
export interface DefinedReasons {
  readonly domain: string
  readonly reasons: Readonly<Record<string, ReasonSpec>>
}

/**
 * The reasons of an enum, by `(tierkit.error)` of its values, or by Kratos's `(errors.code)` and `(errors.default_code)`;
 * `undefined` if it has none of these. Their domain is `(tierkit.error_domain)`, or the package.
 *
 * Throws an `Error` that names the value which is no reason, or whose code or HTTP status there is not.
 */
export function errorReasons(type: EnumSchema): DefinedReasons | undefined {
  const usual = type.options['(errors.default_code)']
  const reasons = type.values.flatMap((value): [string, ReasonSpec][] => {
    const spec = ownReason(value) ?? kratosReason(value, usual)
    if (!spec) return []
    const problem = reasonProblem(value.name)
    if (problem !== undefined) throw new Error(problem)
    return [[value.name, spec]]
  })
  if (reasons.length === 0) return undefined
  const domain = type.options['(tierkit.error_domain)']
  return { domain: typeof domain === 'string' ? domain : type.declaredIn.package, reasons: Object.fromEntries(reasons) }
}

const OWN = '(tierkit.error)'

function ownReason({ name, options }: EnumValueSchema): ReasonSpec | undefined {
  const option = messageOption(options, OWN)
  if (!option) return undefined
  const { code, message, http_status: status, httpStatus = status } = option
  const known = codeFrom(code)
  if (
    code === undefined ||
    known === Code.OK ||
    (known === Code.UNKNOWN && code !== 'UNKNOWN' && code !== Code.UNKNOWN)
  )
    throw new Error(`${name}: ${OWN} needs the code of an error, not ${JSON.stringify(code)}`)
  return {
    code: known,
    ...(typeof message === 'string' && { message }),
    ...(httpStatus !== undefined && { httpStatus: statusOf(name, httpStatus) }),
  }
}

/** Fields of a message option, which arrives whole or field by field. */
function messageOption(options: Options, name: string): Options | undefined {
  const whole = options[name]
  const parts = Object.entries(options).flatMap(([key, value]): [string, OptionValue][] =>
    key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value]] : [],
  )
  const given = typeof whole === 'object' && !Array.isArray(whole) ? (whole as Options) : undefined
  return given || parts.length > 0 ? { ...given, ...Object.fromEntries(parts) } : undefined
}

function kratosReason({ name, options }: EnumValueSchema, usual: OptionValue | undefined): ReasonSpec | undefined {
  const given = options['(errors.code)'] ?? usual
  if (given === undefined) return undefined
  const httpStatus = statusOf(name, given)
  return { code: CODE_OF_STATUS[httpStatus] ?? (httpStatus < 500 ? Code.INVALID_ARGUMENT : Code.INTERNAL), httpStatus }
}

function statusOf(name: string, given: OptionValue): number {
  const status = Number(given)
  if (Number.isInteger(status) && status >= 400 && status <= 599) return status
  throw new Error(`${name}: ${JSON.stringify(given)} is not the HTTP status of an error, which go from 400 to 599`)
}

/** As Kratos has it. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: Code.INVALID_ARGUMENT,
  401: Code.UNAUTHENTICATED,
  403: Code.PERMISSION_DENIED,
  404: Code.NOT_FOUND,
  409: Code.ABORTED,
  412: Code.FAILED_PRECONDITION,
  429: Code.RESOURCE_EXHAUSTED,
  499: Code.CANCELLED,
  500: Code.INTERNAL,
  501: Code.UNIMPLEMENTED,
  503: Code.UNAVAILABLE,
  504: Code.DEADLINE_EXCEEDED,
}
