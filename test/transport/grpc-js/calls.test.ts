import { callsSuite } from '../grpc-suite/calls-suite.js'
import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'

callsSuite(fixtureOf(grpcJs))
