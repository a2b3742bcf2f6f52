import { deadlineChainSuite } from '../grpc-suite/deadline-chain-suite.js'
import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'

deadlineChainSuite(fixtureOf(grpcJs))
