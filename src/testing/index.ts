/** For tests: a client without sockets, time that stands still, faults, recorded calls, and the table that transports pass. @module */
export { type ConformanceCase, conformanceCases } from './conformance/conformance.js'
export type { ConformanceServerOptions, Connection, TransportUnderTest } from './conformance/stage.js'
export { createTestClient, type TestClientOptions } from './create-test-client.js'
export { createFakeClock, type FakeClock } from './fake-clock.js'
export { type FaultsOptions, faults } from './faults.js'
export { type RecordedCall, type RecordingEndpoint, recordingEndpoint } from './recording-endpoint.js'
