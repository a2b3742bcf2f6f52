import { Agent, get } from 'node:http'
import { closeClient, createClient } from 'tierkit/client'
import { afterEach, expect, it } from 'vitest'
import { healthContract } from '../../src/service/health.js'
import { engineNames, engines } from './engines.js'
import { Fleet } from './fleet.js'
import { Probe } from './probe.js'
import { report, scaled } from './scale.js'

const DRAIN_MS = 1000
// The goal is a second after the drain; the rest is for a machine that has other things to do.
const LIMIT_MS = DRAIN_MS + 1000 + scaled(4000, 0)

let fleet: Fleet | undefined
afterEach(() => fleet?.close())

it.each(engineNames)(
  'SIGTERM with a stuck stream, a health watch and an idle HTTP connection ends in time, with 0, on %s',
  async (engine) => {
    const { transports } = engines[engine]
    fleet = await Fleet.open({ engine, propagationDelayMs: 0, drainTimeoutMs: DRAIN_MS })
    const server = await fleet.start()
    const [grpcUrl = '', httpUrl = ''] = server.endpoints
    const probe = createClient(Probe, { target: grpcUrl, transports, middleware: [] })
    const health = createClient(healthContract, { target: grpcUrl, transports, middleware: [] })
    const stuck = probe.stream({ text: 'stuck' })
    expect((await stuck.next()).value).toEqual({ text: 'stuck' })
    const watch = health.watch({ service: 'goals.Probe' })
    expect((await watch.next()).value).toEqual({ status: 1 })
    const agent = new Agent({ keepAlive: true })
    expect(await status(httpUrl, agent)).toBe(404)

    const start = performance.now()
    server.kill('SIGTERM')
    const [notServing, end] = [await watch.next(), await watch.next()]
    const broken = stuck.next().catch((error) => String(error))
    expect(await server.exit).toBe(0)
    const endedMs = Math.round(performance.now() - start)
    report(13, { engine, DRAIN_MS, endedMs })
    expect(endedMs).toBeLessThan(LIMIT_MS)
    expect([notServing.value, end.done]).toEqual([{ status: 2 }, true])
    expect(await broken).toContain('UNAVAILABLE')

    agent.destroy()
    await closeClient(probe)
    await closeClient(health)
  },
)

function status(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/nothing`, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    })
    request.once('error', reject)
  })
}
