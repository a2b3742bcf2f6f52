/** A service as it runs in Kubernetes: ports and secrets from the environment, probes on the admin port, drained on SIGTERM. */
import { createApp, grpc, http } from 'tierkit'
import { createLogger, type LogLevel } from 'tierkit/observability'
import { greeter } from '../greeter/service.js'

const { GRPC_PORT = '9000', HTTP_PORT = '8000', ADMIN_PORT = '8081', LOG_LEVEL = 'info', APP_VERSION } = process.env

const app = createApp({
  name: 'greeter',
  version: APP_VERSION ?? '0.0.0',
  services: [greeter],
  servers: [grpc({ port: Number(GRPC_PORT) }), http({ port: Number(HTTP_PORT) })],
  logger: createLogger({ name: 'greeter', level: LOG_LEVEL as LogLevel }),
  // The kubelet probes the pod's address, so the admin port cannot stay on loopback here; the Service does not expose it.
  admin: { host: '0.0.0.0', port: Number(ADMIN_PORT) },
  // preStop has waited already for the endpoints to be withdrawn; 25 s is what is left of the grace period, and some to spare.
  stop: { propagationDelayMs: 0, drainTimeoutMs: 20_000 },
})
await app.run()
