/** The life of a process that serves: start, register, serve, drain, stop. @module */
export type { App, AppAddresses } from './app.js'
export type { AppHooks, AppOptions, Hook, StopOptions } from './app-options.js'
export { createApp } from './create-app.js'
export type { ServeOptions } from './one-port/serve-options.js'
export type { AdminOptions } from './part/admin.js'
export type { Component } from './part/component.js'
export { type AppServer, type GrpcOptions, grpc, http, serve } from './servers.js'
