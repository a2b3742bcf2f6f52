import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'
import { headerLimitsSuite } from '../grpc-suite/header-limits-suite.js'

headerLimitsSuite(fixtureOf(grpcJs))
