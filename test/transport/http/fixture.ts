import { connect } from 'node:net'
import protobuf from 'protobufjs'
import { type MessageCodec, messageCodec } from 'tierkit/codec'
import type { Binding, Context, Endpoint, HttpRule, Method, MethodKind } from 'tierkit/endpoint'
import { type HttpServerOptions, httpServer } from 'tierkit/transport/http'
import { onTestFinished } from 'vitest'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package shop.v1;
  enum Color { COLOR_UNSPECIFIED = 0; RED = 1; BLUE = 2; }
  message Money { string currency = 1; int64 units = 2; }
  message Item { string sku = 1; int32 count = 2; Money price = 3; Item parent = 4; }
  message Order {
    string order_id = 1;
    string note = 2;
    repeated string tags = 3;
    repeated int32 sizes = 4;
    Color color = 5;
    repeated Color colors = 6;
    bool express = 7;
    bytes raw = 8;
    int64 total = 9;
    double ratio = 10;
    Item item = 11;
    repeated Item items = 12;
    map<string, string> labels = 13;
    optional uint32 attempts = 14 [json_name = "tries"];
    oneof contact { string email = 15; string phone = 16; }
    google.protobuf.Timestamp at = 17;
    google.protobuf.Duration within = 18;
    google.protobuf.FieldMask mask = 19;
    google.protobuf.BoolValue maybe = 20;
    google.protobuf.Int64Value limit = 21;
  }
`)
for (const file of ['timestamp', 'duration', 'field_mask', 'wrappers']) {
  root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)!.nested!)
}
root.resolveAll()

/** Reads as much of an order as a test is about. */
export type Order = Record<string, unknown>

export const orderCodec: MessageCodec<Order> = messageCodec(root.lookupType('shop.v1.Order'))

export interface MethodInit {
  readonly name?: string
  readonly kind?: MethodKind
  readonly http?: readonly HttpRule[]
}

export function orderMethod({ name = 'Call', kind = 'unary', http = [] }: MethodInit = {}): Method {
  const path = `/shop.v1.Orders/${name}`
  const codec = orderCodec as MessageCodec
  return { service: 'shop.v1.Orders', name, path, kind, idempotency: 'unknown', request: codec, response: codec, http }
}

export const echo: Endpoint = async (request) => request

export function binding(init: MethodInit = {}, endpoint: Endpoint = echo): Binding {
  return { method: orderMethod(init), endpoint }
}

/** Starts a server on a free loopback port for the length of a test. */
export async function serverWith(bindings: readonly Binding[], options: HttpServerOptions = {}) {
  const server = httpServer({ host: '127.0.0.1', ...options })
  const address = await server.listen(bindings)
  onTestFinished(() => server.close())
  return { server, ...address }
}

/** Sends bytes as they are, and gives everything that comes back until the other end closes. */
export function raw(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('close', () => resolve(received))
    socket.on('error', (error) => (received === '' ? reject(error) : undefined))
  })
}

/** A promise with its ends in the open. */
export function gate<T = void>() {
  let open = (_: T): void => {}
  const passed = new Promise<T>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

/** A handler that waits for ever, and lets the test see its context. */
export function waiting() {
  const entered = gate<Context>()
  const endpoint: Endpoint = (_, context) => {
    entered.open(context)
    return new Promise(() => {})
  }
  return { entered: entered.passed, endpoint }
}
