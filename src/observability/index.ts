/** What can be seen of a process: its health, logs, metrics and traces. @module */
export { Health } from './health.js'
export type { CheckOptions, CheckResult, HealthCheck, HealthReport } from './health-check.js'
export type { ServingStatus, SettableStatus } from './serving-status.js'
