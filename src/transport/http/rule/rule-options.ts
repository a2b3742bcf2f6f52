import type { HttpRuleOverride } from './rules-of.js'

/** Which routes there are, and how requests are read by them. */
export interface RuleOptions {
  /** Rules of a service config: they take the place of those in the contract. Of several for one method the last wins. */
  readonly httpRules?: readonly HttpRuleOverride[] | undefined
  /** HTTP status of success by full name of the method: `{ 'shop.v1.Orders.PlaceOrder': 201 }`. 200 by default. */
  readonly successStatus?: Readonly<Record<string, number>> | undefined
  /** What a query parameter does that no field has: fail the call with 400, by default, or nothing. */
  readonly unknownParameters?: 'reject' | 'ignore' | undefined
  /** Reads a plus sign in a query as a space, as forms write it; off by default. */
  readonly plusIsSpace?: boolean | undefined
  /**
   * Whether a `PATCH` whose body is a field of the request names the fields that the body has in an `update_mask` that the
   * client left out (AIP-134); it does by default.
   */
  readonly fillUpdateMask?: boolean | undefined
  /** Decodes all but `%2F` in variables of several segments, where by default every reserved character stays as it came. */
  readonly fullyDecodeReservedExpansion?: boolean | undefined
  /** Told, when the server starts, of what is odd about the rules though they work. */
  readonly onWarning?: ((text: string) => void) | undefined
}
