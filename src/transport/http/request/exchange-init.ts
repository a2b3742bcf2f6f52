import type { Clock } from '../../kernel.js'
import type { HeaderToKey } from '../metadata.js'
import type { HttpLimits } from '../options.js'
import type { Replies } from '../reply/replies.js'
import type { Match } from '../route/router.js'
import type { Route } from '../routes.js'
import type { HttpRequest, HttpResponse } from '../serve/http-message.js'

/** What a server gives to each of its exchanges. */
export interface ExchangeHost {
  readonly limits: HttpLimits
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly keyOf: HeaderToKey
  readonly replies: Replies
  /** True once connections are to be closed after their response. */
  readonly draining: boolean
}

/** An HTTP request that leads to a method, and its response. */
export interface ExchangeInit {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly match: Match<Route>
  /** What follows the question mark. */
  readonly query: string
  /** Whether a page of another origin sent it, which may. */
  readonly admitted: boolean
}
