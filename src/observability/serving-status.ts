/** How a service answers a health check, in the words of `grpc.health.v1`. */
export type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN'

/** A status that can be set: an unknown service is one that was never set. */
export type SettableStatus = Exclude<ServingStatus, 'SERVICE_UNKNOWN'>
