/** Services: define a contract, implement it, bind it. @module */
export { bindings } from './bindings.js'
export { defineService, type MethodSpecs, type MethodsOf } from './define-service.js'
export type { Handler, Implementation, MethodMap, Service, ServiceDefinition } from './definition.js'
export { type ImplementOptions, implement, type MethodMiddleware } from './implement.js'
export type { MessageSource } from './message-source.js'
export { bidiStream, clientStream, type MethodOptions, type MethodSpec, serverStream, unary } from './method-spec.js'
export { toService } from './to-service.js'
