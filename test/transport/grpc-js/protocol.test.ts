import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'
import { protocolSuite } from '../grpc-suite/protocol-suite.js'

protocolSuite(fixtureOf(grpcJs))
