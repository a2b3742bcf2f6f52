import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'
import { serverSuite } from '../grpc-suite/server-suite.js'

serverSuite(fixtureOf(grpcJs))
