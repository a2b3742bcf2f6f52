import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAs, type Reaction, type Requirement } from '../../http2/requirements/case.js'
import { contentLengths } from '../../http2/requirements/cases/content-length.cases.js'
import { control } from '../../http2/requirements/cases/control.cases.js'
import { framing } from '../../http2/requirements/cases/framing.cases.js'
import { headerBlocks } from '../../http2/requirements/cases/header-block.cases.js'
import { hpack } from '../../http2/requirements/cases/hpack.cases.js'
import { preface } from '../../http2/requirements/cases/preface.cases.js'
import { requests } from '../../http2/requirements/cases/request.cases.js'
import { settingsRules } from '../../http2/requirements/cases/settings.cases.js'
import { states } from '../../http2/requirements/cases/states.cases.js'
import { streams } from '../../http2/requirements/cases/streams.cases.js'
import { Attacker } from '../attack/attacker.js'
import { callTimes } from '../attack/victim.js'
import { TargetProcess } from '../process/target-process.js'

// What these frames are answered with is held in test/http2/requirements, down to the code; what gRPC makes of requests is in
// test/transport/grpc-suite/protocol-suite.ts. Here they meet a server as it runs, which must be none the worse for them.
const all: readonly Requirement[] = [
  ...[...preface, ...framing, ...headerBlocks, ...states, ...streams],
  ...[...control, ...settingsRules, ...requests, ...contentLengths, ...hpack],
]
// Needs a stream that stays open, which requests to no method do not.
const needsStream = 'SETTINGS that push the window of a stream over 2^31 - 1 are an error'
const cases = all
  .filter(({ role, options, title }) => role !== 'client' && options === undefined && title !== needsStream)
  .map((requirement): [string, Requirement] => [`${requirement.section}: ${requirement.title}`, requirement])

let target: TargetProcess
beforeAll(async () => {
  target = await TargetProcess.start()
})
afterAll(() => target?.[Symbol.asyncDispose]())

/** The codes of GOAWAY, where a connection must end. */
function farewellCodes(expected: Reaction | readonly Reaction[]): readonly number[] {
  const reactions = 'kind' in expected ? [expected] : expected
  return reactions.every(({ kind }) => kind === 'connection')
    ? reactions.flatMap((reaction) => (reaction.kind === 'connection' ? reaction.codes : []))
    : []
}

describe('a server that is sent what nobody should send', () => {
  it('has met forty such cases and more', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40)
  })

  it.each(cases)('%s; answers the next call', async (_, { send, expect: expected, bare }) => {
    const attacker = await Attacker.connect(target.url, bare !== true)
    await attacker.send(...(typeof send === 'function' ? send(openAs('server'), 'server') : send))
    const codes = farewellCodes(expected)
    if (codes.length > 0) expect(codes).toContain((await attacker.gone).code)
    await callTimes(target.url, 1)
    attacker.leave()
    expect(target.alive).toBe(true)
  })
})
