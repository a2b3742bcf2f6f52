import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'
import { serverNameSuite } from '../grpc-suite/server-name-suite.js'

serverNameSuite(fixtureOf(grpcJs))
