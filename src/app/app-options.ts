import type { Registry } from 'prom-client'
import type { Middleware } from '../endpoint/middleware.js'
import type { Health } from '../observability/health.js'
import type { Logger } from '../observability/logger.js'
import type { Registrar } from '../registry/registry.js'
import type { Clock } from '../resilience/clock.js'
import type { OpenApiOptions } from './openapi/openapi-options.js'
import type { AdminOptions } from './part/admin.js'
import type { Component } from './part/component.js'
import type { AppServer } from './servers.js'

/** What an app does at the turns of its life. Hooks of one turn run one after the other. */
export interface AppHooks {
  /** Before anything starts. What it throws ends the start. */
  readonly beforeStart?: Hook | undefined
  /** Once calls are served. What it throws ends the start. */
  readonly afterStart?: Hook | undefined
  /** Before readiness goes off. */
  readonly beforeStop?: Hook | undefined
  /** Once nothing runs any more: the place to flush logs and telemetry. */
  readonly afterStop?: Hook | undefined
}

/** A function, or several in order. */
export type Hook = (() => unknown) | readonly (() => unknown)[]

/** How an app stops, and how long each step may take. */
export interface StopOptions {
  /**
   * How long the app goes on serving once it is no longer registered, so that those who call it can notice, in ms. 5,000
   * by default if it was registered or runs in Kubernetes, otherwise 0.
   */
  readonly propagationDelayMs?: number | undefined
  /** How long running calls may go on before they are cancelled with `UNAVAILABLE`, in ms. 20,000 by default. */
  readonly drainTimeoutMs?: number | undefined
}

/** What an app is made of. */
export interface AppOptions {
  /** Name of the service that the app is an instance of, as clients look it up: `orders`. */
  readonly name: string
  /** `0.0.0` by default. */
  readonly version?: string | undefined
  /** Unique for ever; a random UUID by default. */
  readonly id?: string | undefined
  /** Free facts for the registry: `{ zone: 'b', weight: '50' }`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** What is served, on every server: what `implement` returns, or instances of classes with `@service`. */
  readonly services?: readonly object[] | undefined
  /** Where it is served: `[grpc({ port: 9000 }), http({ port: 8000 })]`. */
  readonly servers?: readonly AppServer[] | undefined
  /**
   * Where the app registers; nowhere by default. One that is named by URL (`file:///run/shop`, `etcd://host:2379`) is opened
   * and closed by the app; one that is passed stays open, for it may be shared.
   */
  readonly registry?: Registrar | string | undefined
  /** The host that others reach the servers at. Found out by default: see `POD_IP` and the network interfaces. */
  readonly advertise?: string | undefined
  /** How long the registry may take to show the app, and to forget it, in ms. 10,000 by default. */
  readonly registerTimeoutMs?: number | undefined
  /** Stands around every method of every service. The first named is outermost. `standard()` by default. */
  readonly middleware?: readonly Middleware[] | undefined
  /** A new one by default. */
  readonly health?: Health | undefined
  /**
   * Whether gRPC servers tell callers what they serve, down to every field: `grpc.reflection.v1` and `v1alpha`. It stands
   * inside `middleware`, so that those who may not call learn nothing. `false` by default, in development too.
   */
  readonly reflection?: boolean | undefined
  /** The admin server: on a free port of the loopback interface by default; `false` for none. */
  readonly admin?: AdminOptions | false | undefined
  /**
   * What `/openapi.json` of the admin server says that contracts do not; `false` for no such page. By default its title and
   * version are the app's, and the rest is what its first HTTP server was told. Without it an app that serves no HTTP has none.
   */
  readonly openApi?: OpenApiOptions | false | undefined
  /**
   * Clients, channels and functions of `wrap`, for `/state` to show what they and their middleware do. They stay open when the
   * app stops. None by default.
   */
  readonly clients?: readonly object[] | undefined
  /** The registry of prom-client that `standard()` counts in and `/metrics` shows; the default one by default. */
  readonly metrics?: Registry | undefined
  readonly hooks?: AppHooks | undefined
  /** Start before the servers, in this order, and stop after them, in reverse. */
  readonly components?: readonly Component[] | undefined
  /** One that writes JSON lines to standard output by default. */
  readonly logger?: Logger | undefined
  readonly stop?: StopOptions | undefined
  /** What `run` stops at: `SIGTERM` and `SIGINT` by default. */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** Times the steps. */
  readonly clock?: Clock | undefined
}
