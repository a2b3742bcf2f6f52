/** For tests of services and middleware: a client without sockets, time that stands still, faults, recorded calls. @module */
export { createTestClient, type TestClientOptions } from './create-test-client.js'
export { createFakeClock, type FakeClock } from './fake-clock.js'
export { type FaultsOptions, faults } from './faults.js'
export { type RecordedCall, type RecordingEndpoint, recordingEndpoint } from './recording-endpoint.js'
