import type { GrpcServerOptions } from '../../grpc-options.js'

/** Where time comes from: a `Clock`. */
export type Timers = NonNullable<GrpcServerOptions['clock']>

/** Prevents a timer from firing. */
export type CancelTimer = ReturnType<Timers['schedule']>
