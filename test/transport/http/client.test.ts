import { conformanceCases, type TransportUnderTest } from 'tierkit/testing'
