import { type HttpRule, type HttpRuleMessage, type Method, readHttpRules, streamsRequests } from '../../kernel.js'

/**
 * A rule of a service config, as its YAML or JSON has it: a `google.api.HttpRule` with the method that it is for.
 *
 * ```ts
 * const rule: HttpRuleOverride = { selector: 'shop.v1.Orders.PlaceOrder', post: '/v1/orders', body: '*' }
 * ```
 */
export interface HttpRuleOverride extends HttpRuleMessage {
  /** Full name of the method: `shop.v1.Orders.PlaceOrder`. */
  readonly selector: string
}

/** Rules by the full name of their method. */
export type RulesBySelector = ReadonlyMap<string, readonly HttpRule[]>

/** Full name of a method, as selectors have it: `shop.v1.Orders.PlaceOrder`. */
export function selectorOf({ service, name }: Method): string {
  return `${service}.${name}`
}

/**
 * Reads the rules of a service config; of several for one method the last wins. Throws an `Error` that names the selector
 * for a rule that makes no sense, and for a method that a service among `methods` does not have.
 */
export function readOverrides(rules: readonly HttpRuleOverride[], methods: readonly Method[]): RulesBySelector {
  const known = new Set(methods.map(selectorOf))
  const services = new Set(methods.map(({ service }) => service))
  const read = new Map<string, readonly HttpRule[]>()
  for (const rule of rules) {
    const { selector } = rule
    if (typeof selector !== 'string') throw new Error('httpRules: a rule needs a selector, the full name of a method')
    // One config may be for several servers, each with some of its services.
    if (services.has(selector.slice(0, selector.lastIndexOf('.'))) && !known.has(selector)) {
      throw new Error(`httpRules: there is no method ${selector}`)
    }
    read.set(selector, readOverride(rule))
  }
  return read
}

function readOverride(rule: HttpRuleOverride): readonly HttpRule[] {
  try {
    return readHttpRules(rule)
  } catch (thrown) {
    throw new Error(`httpRules: ${rule.selector}: ${(thrown as Error).message}`)
  }
}

/** What the rules of a method are: those of a service config, or else those of its contract. */
export function ownRulesOf(method: Method, overrides: RulesBySelector): readonly HttpRule[] {
  return overrides.get(selectorOf(method)) ?? method.http
}

/** All ways to a method: its rules, and `POST /service/Method` unless a rule is for that. */
export function rulesOf(method: Method, overrides: RulesBySelector): readonly HttpRule[] {
  const rules = ownRulesOf(method, overrides)
  const plain: HttpRule = { method: 'POST', path: method.path, body: '*' }
  // A rule for the method's own path says how its author wants that one.
  const replaced = rules.some((rule) => rule.method === plain.method && rule.path === plain.path)
  return replaced ? rules : [plain, ...rules]
}

/** Throws an `Error` for a rule that no request could keep to. */
export function checkRule(rule: HttpRule, method: Method): void {
  if (rule.body && (rule.method === 'GET' || rule.method === 'DELETE' || rule.method === 'HEAD')) {
    throw new Error(`a ${rule.method} has no body, but the rule says body: ${JSON.stringify(rule.body)}`)
  }
  // What is asked for with GET, and what streams both ways, is called over a WebSocket.
  const isLines = streamsRequests(method.kind) && method.kind !== 'bidi_stream' && rule.method !== 'GET'
  if (isLines && (rule.body !== '*' || rule.path.includes('{'))) {
    throw new Error('a stream of requests needs body: * and a path without variables, or GET, for a WebSocket')
  }
}

/** What is odd about the rules of a method, though they work. */
export function oddities(method: Method, rules: readonly HttpRule[]): readonly string[] {
  const [first, ...others] = rules.filter(({ path }) => path !== method.path)
  // AIP-127: callers must be able to switch from one binding to another without losing anything.
  return others
    .filter(({ body }) => body !== first?.body)
    .map(
      (rule) =>
        `${method.path}: the binding ${rule.method} ${rule.path} has ${bodyOf(rule)}, but ${first?.path} has ${bodyOf(first)}`,
    )
}

function bodyOf(rule: HttpRule | undefined): string {
  return rule?.body ? `body: ${JSON.stringify(rule.body)}` : 'no body'
}
