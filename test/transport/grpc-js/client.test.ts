import { clientSuite } from '../grpc-suite/client-suite.js'
import { grpcJs } from '../grpc-suite/engines.js'
import { fixtureOf } from '../grpc-suite/fixture.js'

clientSuite(fixtureOf(grpcJs))
