import { type HttpRuleMessage, readHttpRules } from '../../endpoint/http-rule/read-http-rules.js'
import type { HttpRule } from '../../endpoint/method.js'

/**
 * The HTTP rules of a method's options, as the protobuf library parses them: that of `google.api.http` first, then its
 * additional bindings. Throws an `Error` that says what is wrong with a rule.
 */
export function httpRules(options: readonly Readonly<Record<string, unknown>>[]): readonly HttpRule[] {
  const pieces = options.flatMap(
    (option) => option['(google.api.http)'] ?? option['(.google.api.http)'] ?? [],
  ) as HttpRuleMessage[]
  if (pieces.length === 0) return []
  // Written part by part, `option (google.api.http).get = …`, a rule comes in several pieces.
  return readHttpRules(Object.assign({}, ...pieces))
}
