import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import type { App, AppOptions } from 'tierkit/app'
import { createApp } from 'tierkit/app'
import { Health } from 'tierkit/observability'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { silent } from '../fake-parts.js'

let app: App | undefined
afterEach(() => app?.stop())

async function setUp(change: Partial<AppOptions> = {}): Promise<{ url: string; health: Health }> {
  const health = new Health()
  const metrics = new Registry()
  metrics.registerMetric({
    name: 'x',
    get: async () => ({ name: 'x', type: 'gauge', help: 'h', aggregator: 'sum', values: [] }),
  } as never)
  app = createApp({
    name: 'notes',
    version: '1.2.3',
    id: 'n1',
    logger: silent,
    middleware: [],
    metrics,
    health,
    ...change,
  })
  const { admin } = await app.start()
  return { url: admin?.url ?? '', health }
}

async function get(url: string, init?: RequestInit) {
  const response = await fetch(url, { ...init, headers: { connection: 'close' } })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

describe('the admin server', () => {
  it('listens on loopback only, unless told otherwise', async () => {
    const { url } = await setUp()
    expect(new URL(url).hostname).toBe('127.0.0.1')
  })

  it('can be left out', async () => {
    const { url } = await setUp({ admin: false })
    expect(url).toBe('')
  })

  it('tells whether the process is ready, by check', async () => {
    const { url, health } = await setUp()
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 200, text: '{"ok":true,"checks":{"serving":"ok"}}\n' })
    const remove = health.addCheck('database', () => Promise.reject(new Error('password is wrong')))
    expect(await get(`${url}/readyz`)).toMatchObject({
      status: 503,
      text: '{"ok":false,"checks":{"serving":"ok","database":"failed"}}\n',
    })
    remove()
    health.shutdown()
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 503 })
    expect(await get(`${url}/livez`)).toMatchObject({ status: 200 })
  })

  it('is there before the app is ready', async () => {
    let seen: number | undefined
    const probe = async (): Promise<void> => {
      seen = (await get(`http://127.0.0.1:${port}/readyz`)).status
    }
    const free = await setUp()
    const port = Number(new URL(free.url).port)
    await app?.stop()
    await setUp({ admin: { port }, components: [{ name: 'probe', start: probe }] })
    expect(seen).toBe(503)
  })

  it('shows metrics and build', async () => {
    const { url } = await setUp()
    const metrics = await get(`${url}/metrics`)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(metrics.text).toContain('# HELP x h')
    expect(JSON.parse((await get(`${url}/buildinfo`)).text)).toMatchObject({
      name: 'notes',
      version: '1.2.3',
      id: 'n1',
      node: process.version,
    })
  })

  it('shows with the metrics what runs, however often it is asked, for all apps on one registry', async () => {
    const metrics = new Registry()
    const { url } = await setUp({ metrics })
    const other = createApp({ name: 'orders', version: '2.0.0', logger: silent, middleware: [], metrics })
    onTestFinished(() => other.stop())
    const { admin } = await other.start()
    await get(`${url}/metrics`)
    await get(`${admin?.url}/metrics`)
    const lines = (await get(`${url}/metrics`)).text.split('\n').filter((line) => line.startsWith('tierkit_build_info'))
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8'))
    const both = `version="${version}",node_version="${process.version}"`
    expect(lines).toEqual([
      `tierkit_build_info{${both},name="notes",service_version="1.2.3"} 1`,
      `tierkit_build_info{${both},name="orders",service_version="2.0.0"} 1`,
    ])
  })

  it('shows nothing else, and to no other method', async () => {
    const { url } = await setUp()
    expect(await get(`${url}/`)).toMatchObject({ status: 404 })
    expect(await get(`${url}/__proto__`)).toMatchObject({ status: 404 })
    const post = await get(`${url}/readyz`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await get(`${url}/readyz`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  it('does not wait for connections that idle when it stops', async () => {
    const { url } = await setUp()
    const socketOpen = new Promise((resolve, reject) => {
      const call = request(`${url}/livez`, { agent: undefined, headers: { connection: 'keep-alive' } }, (response) => {
        response.resume()
        response.on('end', resolve)
      })
      call.on('error', reject)
      call.end()
    })
    await socketOpen
    await app?.stop()
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
  })

  it('says so when its port is taken', async () => {
    const { url } = await setUp()
    const first = app
    const port = Number(new URL(url).port)
    const second = createApp({ name: 'notes', logger: silent, middleware: [], admin: { port } })
    await expect(second.start()).rejects.toThrow(/admin server did not start: listen EADDRINUSE/)
    app = first
  })
})
