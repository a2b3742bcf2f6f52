import type { Registry } from 'prom-client'
import { lazyCrypto } from '../codec/library/lazy-crypto.js'
import type { Middleware } from '../endpoint/middleware.js'
import type { Binding } from '../endpoint/serve.js'
import { standard } from '../middleware/standard.js'
import { Health } from '../observability/health.js'
import { openRegistry } from '../registry/open-registry.js'
import type { Instance, Registrar } from '../registry/registry.js'
import { type Clock, systemClock } from '../resilience/clock.js'
import { bindings } from '../service/bindings.js'
import type { Service } from '../service/definition.js'
import { healthService } from '../service/health.js'
import { reflectionServices } from '../service/reflection/reflection-services.js'
import { toService } from '../service/to-service.js'
import type { AppAddresses } from './app.js'
import type { AppHooks, AppOptions, Hook } from './app-options.js'
import { appDocument } from './openapi/app-document.js'
import { Admin, type AdminInit } from './part/admin.js'
import { advertisedUrls } from './part/advertise.js'
import { appState } from './part/app-state.js'
import { buildGauge } from './part/build-gauge.js'
import type { Component } from './part/component.js'
import { Listening } from './part/listening.js'
import { Serving } from './part/serving.js'
import { named } from './part/within.js'

const REGISTER_TIMEOUT_MS = 10_000
const DRAIN_TIMEOUT_MS = 20_000
const PROPAGATION_DELAY_MS = 5000

/** The parts of an app. */
export interface Assembly {
  /** In the order of their start. */
  readonly parts: readonly Component[]
  readonly health: Health
  readonly clock: Clock
  instance(): Instance
  addresses(): AppAddresses
}

/** Makes the parts of an app of its options. Nothing runs yet. */
export function assemble(options: AppOptions): Assembly {
  const { health = new Health(), clock = systemClock, hooks = {}, components = [] } = options
  const services = (options.services ?? []).map(toService)
  const identity = identityOf(options)
  const middleware = options.middleware ?? standardChain(options, services)
  const served = bindings(services, ...middleware)
  const listening = listeningOf({ ...options, middleware, health, clock }, services, served)
  const urls = (): string[] => advertisedUrls(listening.addresses, options.advertise)
  const instance = (): Instance => ({ ...identity, endpoints: urls() })
  const { registrar, owned } = registrarOf(options)
  const state = appState({ ...options, health, bindings: served, addresses: () => listening.addresses })
  const openApi = appDocument({ ...options, urls }, services)
  const admin = options.admin === false ? undefined : adminOf({ ...options, health }, identity, { state, openApi })
  const names = services.map(({ definition }) => definition.name)
  const serving = new Serving({ ...servingTimes(options), health, services: names, registrar, instance, clock })
  return {
    // The parts stop in reverse, so the outer hooks are beforeStart and afterStop, the inner ones afterStart and beforeStop.
    parts: [
      hookPart(hooks, 'beforeStart', 'afterStop'),
      ...(admin ? [admin] : []),
      ...(owned ? [owned] : []),
      ...components,
      listening,
      serving,
      hookPart(hooks, 'afterStart', 'beforeStop'),
    ],
    health,
    clock,
    instance,
    addresses: () => ({ servers: listening.addresses, admin: admin?.address }),
  }
}

type Identity = Omit<Instance, 'endpoints'>

function identityOf(options: AppOptions): Identity {
  const { name, version = '0.0.0', id = lazyCrypto().randomUUID(), metadata = {} } = options
  if (name === '') throw new TypeError('the app needs a name')
  if (options.services?.length && !options.servers?.length) {
    throw new TypeError(`the app ${name} has services but no servers to serve them on`)
  }
  return { id, name, version, metadata }
}

function listeningOf(
  options: AppOptions & Pick<Assembly, 'health' | 'clock'> & { readonly middleware: readonly Middleware[] },
  services: readonly Service[],
  served: readonly Binding[],
): Listening {
  const { servers = [], middleware, stop = {}, clock } = options
  const offered = new Set(services.map(({ definition }) => definition.name))
  const missing = (own: readonly Service[]): Service[] => own.filter(({ definition }) => !offered.has(definition.name))
  const health = missing([healthService(options.health)])
  const stopping = new AbortController()
  const { signal } = stopping
  const reflection = options.reflection ? missing(reflectionServices([...services, ...health], { signal })) : []
  return new Listening({
    servers,
    bindings: served,
    // Probes carry no credentials and count as no calls: the middleware is not for them. Who asks for contracts is a caller.
    grpcBindings: [...bindings(health), ...bindings(reflection, ...middleware)],
    drainTimeoutMs: stop.drainTimeoutMs ?? DRAIN_TIMEOUT_MS,
    stopping,
    clock,
  })
}

function standardChain({ logger, metrics }: AppOptions, services: readonly Service[]): readonly Middleware[] {
  const methods = services.flatMap(({ definition }) => Object.values(definition.methods))
  return standard({ logger, registry: metrics, metrics: { methods } })
}

function registrarOf({ registry, logger }: AppOptions): {
  registrar: Registrar | undefined
  owned: Component | undefined
} {
  if (typeof registry !== 'string') return { registrar: registry, owned: undefined }
  const onError = (error: Error): void => logger?.warn({ err: error }, 'the registry is in trouble')
  const registrar = openRegistry(registry, { onError })
  return { registrar, owned: { name: 'registry', stop: () => registrar.close() } }
}

function adminOf(
  options: AppOptions & { readonly health: Health },
  { id, name, version }: Identity,
  pages: Pick<AdminInit, 'state' | 'openApi'>,
): Admin {
  const startedAt = new Date().toISOString()
  const showBuild = buildGauge({ name, version })
  return new Admin({
    ...(options.admin === false ? {} : options.admin),
    health: options.health,
    ...pages,
    buildInfo: { name, version, id, node: process.version, startedAt },
    metrics: async () => {
      const registry = options.metrics ?? (await defaultMetrics())
      await showBuild(registry)
      return registry
    },
  })
}

async function defaultMetrics(): Promise<Registry> {
  return (await import('prom-client')).register
}

function servingTimes({ registry, registerTimeoutMs = REGISTER_TIMEOUT_MS, stop = {} }: AppOptions): {
  registerTimeoutMs: number
  propagationDelayMs: number
} {
  const noticed = registry !== undefined || process.env.KUBERNETES_SERVICE_HOST !== undefined
  return { registerTimeoutMs, propagationDelayMs: stop.propagationDelayMs ?? (noticed ? PROPAGATION_DELAY_MS : 0) }
}

function hookPart(hooks: AppHooks, start: keyof AppHooks, stop: keyof AppHooks): Component {
  const run = async (turn: keyof AppHooks): Promise<void> => {
    for (const hook of listOf(hooks[turn])) {
      try {
        await hook()
      } catch (cause) {
        throw named(turn, cause)
      }
    }
  }
  return { name: 'hooks', start: () => run(start), stop: () => run(stop) }
}

function listOf(hook: Hook | undefined): readonly (() => unknown)[] {
  if (hook === undefined) return []
  return typeof hook === 'function' ? [hook] : hook
}
