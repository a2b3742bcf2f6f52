import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'
import { tlsSuite } from '../grpc-suite/tls-suite.js'

tlsSuite(fixtureOf(grpcJs))
