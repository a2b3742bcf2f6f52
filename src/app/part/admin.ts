import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from '../../observability/health.js'
import type { HealthReport } from '../../observability/health-check.js'
import type { Address } from '../../transport/transport.js'
import type { Component } from './component.js'

/** Where the admin server listens. */
export interface AdminOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
  /** `127.0.0.1` by default: what it shows is not for everybody. Probes of Kubernetes need `0.0.0.0`. */
  readonly host?: string | undefined
}

/** What of prom-client the admin server needs; its registry is one. */
export interface MetricsPage {
  readonly contentType: string
  metrics(): Promise<string>
}

/** What the admin server shows. */
export interface AdminInit extends AdminOptions {
  readonly health: Health
  /** What `/buildinfo` answers. */
  readonly buildInfo: Readonly<Record<string, unknown>>
  /** What `/state` answers. */
  state(): unknown
  /** What `/openapi.json` answers; without it there is no such page. */
  readonly openApi?: (() => Promise<unknown>) | undefined
  /** What `/metrics` answers. */
  metrics(): Promise<MetricsPage>
}

interface Page {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A small HTTP server for operators and probes: `/livez`, `/readyz`, `/metrics`, `/state`, `/openapi.json`, `/buildinfo`. */
export class Admin implements Component {
  readonly name = 'admin server'
  readonly #init: AdminInit
  #server: Server | undefined

  constructor(init: AdminInit) {
    this.#init = init
  }

  /** Where it listens, once it does. */
  get address(): Address | undefined {
    const bound = this.#server?.address() as AddressInfo | null | undefined
    if (!bound) return undefined
    const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
    return { host: bound.address, port: bound.port, url: `http://${host}:${bound.port}` }
  }

  async start(): Promise<void> {
    const { host = '127.0.0.1', port = 0 } = this.#init
    const { createServer } = await import('node:http')
    // A probe is small and soon over: nothing else has a place here.
    const server = createServer({
      maxHeaderSize: 8192,
      headersTimeout: 5000,
      requestTimeout: 5000,
      keepAliveTimeout: 5000,
    })
    server.maxConnections = 64
    server.on('request', (request, response) => void this.#answer(request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    const page = await this.#page(request).catch(() => json(500, { error: 'the page could not be made' }))
    const allow = page.status === 405 ? { allow: 'GET, HEAD' } : {}
    response.writeHead(page.status, {
      ...allow,
      'content-type': page.type,
      'content-length': Buffer.byteLength(page.body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    response.end(request.method === 'HEAD' ? undefined : page.body)
  }

  async #page(request: IncomingMessage): Promise<Page> {
    const path = (request.url ?? '').split('?', 1)[0]
    const make = path !== undefined && Object.hasOwn(this.#pages, path) ? this.#pages[path] : undefined
    if (!make) return NO_PAGE
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'only GET and HEAD' })
    return make()
  }

  readonly #pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/livez': async () => reportPage(await this.#init.health.live()),
    '/readyz': async () => reportPage(await this.#init.health.ready()),
    '/buildinfo': async () => json(200, this.#init.buildInfo),
    '/state': async () => json(200, this.#init.state()),
    '/openapi.json': async () => {
      const document = await this.#init.openApi?.()
      return document === undefined ? NO_PAGE : json(200, document)
    },
    '/metrics': async () => {
      const page = await this.#init.metrics()
      return { status: 200, type: page.contentType, body: await page.metrics() }
    },
  }
}

/** Which checks pass; why the others fail is for logs. */
function reportPage({ ok, checks }: HealthReport): Page {
  const results = checks.map((check) => [check.name, check.ok ? 'ok' : 'failed'])
  return json(ok ? 200 : 503, { ok, checks: Object.fromEntries(results) })
}

function json(status: number, value: unknown): Page {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

const NO_PAGE = json(404, { error: 'no such page' })
