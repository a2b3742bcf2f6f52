import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Health } from '../observability/health.js'
import { defineService } from './define-service.js'
import type { Service } from './definition.js'
import { implement } from './implement.js'
import { defineMessage } from './message/define-message.js'
import { field } from './message/field.js'
import { serverStream, unary } from './method-spec.js'

const ServingStatus = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const

const CheckRequest = defineMessage('grpc.health.v1.HealthCheckRequest', { service: field(1, 'string') })
const CheckResponse = defineMessage('grpc.health.v1.HealthCheckResponse', { status: field(1, ServingStatus) })
const ListRequest = defineMessage('grpc.health.v1.HealthListRequest', {})
const ListResponse = defineMessage('grpc.health.v1.HealthListResponse', {
  statuses: field(1, { map: ['string', CheckResponse] }),
})

/**
 * The contract of `grpc.health.v1`, for clients too.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const healthContract = defineService({
  name: 'grpc.health.v1.Health',
  methods: {
    check: unary(CheckRequest, CheckResponse, { idempotency: 'no_side_effects' }),
    list: unary(ListRequest, ListResponse, { idempotency: 'no_side_effects' }),
    watch: serverStream(CheckRequest, CheckResponse, { idempotency: 'no_side_effects' }),
  },
})

/** With more services than this, List refuses: what gRFC A90 allows a server to answer. */
const MAX_LISTED = 100

/**
 * Serves the health of a process over gRPC: Check, Watch and List of `grpc.health.v1`.
 *
 * Check of a service that was never set is `NOT_FOUND`; Watch of one says `SERVICE_UNKNOWN` and stays open. Watches end,
 * with `OK`, once the health is shut down, so that a drain does not wait for them.
 */
export function healthService(health: Health): Service {
  return implement(healthContract, {
    check({ service }) {
      const status = health.get(service)
      if (!status) throw new RpcError(Code.NOT_FOUND, `the service ${JSON.stringify(service)} is not known here`)
      return { status: ServingStatus[status] }
    },

    list() {
      const statuses = [...health.statuses()]
      if (statuses.length > MAX_LISTED)
        throw new RpcError(Code.RESOURCE_EXHAUSTED, `there are more than ${MAX_LISTED} services to list`)
      return {
        statuses: Object.fromEntries(statuses.map(([name, status]) => [name, { status: ServingStatus[status] }])),
      }
    },

    async *watch({ service }, context) {
      for await (const status of health.watch(service, context.signal)) yield { status: ServingStatus[status] }
    },
  })
}
