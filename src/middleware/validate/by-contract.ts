import { violationsDetail } from '../../codec/detail/violations.js'
import type { MessageCodec } from '../../codec/message-codec.js'
import { pathText } from '../../codec/validate/finding.js'
import { type MessageValidator, messageValidator } from '../../codec/validate/validator.js'
import type { Context } from '../../endpoint/context.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { invalidRequest } from './bad-request.js'

/** What a contract demands of one message: the error if it does not comply. */
export type ContractCheck = (message: unknown, context: Context, neverSent: boolean) => RpcError | undefined

/**
 * The check of messages of a type by the `buf.validate` options of its contract; `undefined` if there are none. Throws a
 * `TypeError` that lists every rule that cannot be applied.
 */
export function byContract({ schema, typeName }: MessageCodec): ContractCheck | undefined {
  const validator = schema && messageValidator(schema)
  if (!validator) return undefined
  return (message, { clock }, neverSent) => {
    const found = run(validator, { message, clock, typeName })
    if (!found) return undefined
    const violations = found.map(({ path, id, text }) => ({ field: pathText(path), description: text, reason: id }))
    return invalidRequest(violations, { neverSent, details: [violationsDetail(found)] })
  }
}

interface Checked {
  readonly message: unknown
  readonly clock: Context['clock']
  readonly typeName: string
}

/** A rule that cannot be answered, and a message that is not of its type, are faults of a program: not of a request. */
function run(validator: MessageValidator, { message, clock, typeName }: Checked): ReturnType<MessageValidator> {
  try {
    return validator(message, clock)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RpcError(Code.INTERNAL, `cannot validate a ${typeName}: ${why}`, { cause })
  }
}
