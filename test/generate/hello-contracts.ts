/** What people coming from other frameworks have: their first contracts. */
export const helloContracts = {
  // Kratos: HTTP rules, and an enum of the reasons of errors.
  'helloworld/v1/greeter.proto': `syntax = "proto3";
package helloworld.v1;
import "google/api/annotations.proto";
option go_package = "acme/api/helloworld/v1;v1";

// Greets people.
service Greeter {
  // Greets by name.
  rpc SayHello (HelloRequest) returns (HelloReply) {
    option (google.api.http) = {
      get: "/helloworld/{name}"
      additional_bindings { post: "/helloworld" body: "*" }
    };
  }
}
message HelloRequest { string name = 1; }
message HelloReply { string message = 1; }
`,
  'helloworld/v1/error_reason.proto': `syntax = "proto3";
package helloworld.v1;
import "errors/errors.proto";

enum ErrorReason {
  option (errors.default_code) = 500;
  GREETER_UNSPECIFIED = 0;
  USER_NOT_FOUND = 1 [(errors.code) = 404];
}
`,
  'errors/errors.proto': `syntax = "proto3";
package errors;
import "google/protobuf/descriptor.proto";
extend google.protobuf.EnumOptions { int32 default_code = 1108; }
extend google.protobuf.EnumValueOptions { int32 code = 1109; }
`,
  // Connect: a talk with a therapist.
  'connectrpc/eliza/v1/eliza.proto': `syntax = "proto3";
package connectrpc.eliza.v1;

service ElizaService {
  // One sentence, one answer.
  rpc Say(SayRequest) returns (SayResponse) { option idempotency_level = NO_SIDE_EFFECTS; }
  // A talk.
  rpc Converse(stream ConverseRequest) returns (stream ConverseResponse);
  // Says who it is, sentence by sentence.
  rpc Introduce(IntroduceRequest) returns (stream IntroduceResponse);
}
message SayRequest { string sentence = 1; }
message SayResponse { string sentence = 1; }
message ConverseRequest { string sentence = 1; }
message ConverseResponse { string sentence = 1; }
message IntroduceRequest { string name = 1; }
message IntroduceResponse { string sentence = 1; }
`,
  // gRPC: the first greeter, and the guide with all four kinds of calls.
  'helloworld.proto': `syntax = "proto3";
option java_multiple_files = true;
option objc_class_prefix = "HLW";
package helloworld;

service Greeter {
  rpc SayHello (HelloRequest) returns (HelloReply) {}
  rpc SayHelloStreamReply (HelloRequest) returns (stream HelloReply) {}
  rpc SayHelloBidiStream (stream HelloRequest) returns (stream HelloReply) {}
}
message HelloRequest { string name = 1; }
message HelloReply { string message = 1; }
`,
  'route_guide.proto': `syntax = "proto3";
package routeguide;

service RouteGuide {
  rpc GetFeature(Point) returns (Feature) {}
  rpc ListFeatures(Rectangle) returns (stream Feature) {}
  rpc RecordRoute(stream Point) returns (RouteSummary) {}
  rpc RouteChat(stream RouteNote) returns (stream RouteNote) {}
}
// In units of a ten millionth of a degree.
message Point { int32 latitude = 1; int32 longitude = 2; }
message Rectangle { Point lo = 1; Point hi = 2; }
message Feature { string name = 1; Point location = 2; }
message RouteNote { Point location = 1; string message = 2; }
message RouteSummary { int32 point_count = 1; int32 feature_count = 2; int32 distance = 3; int32 elapsed_time = 4; }
`,
} as const

/** A program that serves and calls all of them; each line that is marked must not compile. */
export const helloProgram = `
import { RpcError, Code } from 'tierkit/error'
import { implement, type Implementation } from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'
import { ElizaService } from './connectrpc/eliza/v1/eliza_pb.ts'
import { Greeter as GrpcGreeter } from './helloworld_pb.ts'
import { ErrorReason } from './helloworld/v1/error_reason_pb.ts'
import { Greeter, type HelloReply } from './helloworld/v1/greeter_pb.ts'
import { type Feature, RouteGuide } from './route_guide_pb.ts'

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

export async function kratos(): Promise<[HelloReply, unknown]> {
  const handlers: Implementation<typeof Greeter> = {
    async sayHello({ name }) {
      if (name === '') throw new RpcError(Code.NOT_FOUND, 'nobody', { reason: 'USER_NOT_FOUND' })
      return { message: 'Hello ' + name }
    },
  }
  await using greeter = await createTestClient(Greeter, implement(Greeter, handlers))
  // @ts-expect-error: no such field
  const typo = greeter.sayHello({ nmae: 'Ada' }).catch((error: unknown) => error)
  const reason = RpcError.from(await typo).reason
  return [await greeter.sayHello({ name: 'Ada' }), ErrorReason[reason as keyof typeof ErrorReason]]
}

export async function connect(): Promise<unknown[]> {
  const service = implement(ElizaService, {
    say: ({ sentence }) => ({ sentence: sentence + '?' }),
    async *converse(requests) {
      for await (const { sentence } of requests) yield { sentence: sentence + '!' }
    },
    async *introduce({ name }) {
      yield { sentence: 'Hi ' + name }
      yield {}
    },
  })
  await using eliza = await createTestClient(ElizaService, service)
  const said: string = (await eliza.say({ sentence: 'Sad' })).sentence
  const talk = eliza.converse([{ sentence: 'a' }, {}])
  return [said, await collect(talk), await collect(eliza.introduce({ name: 'Ada' }))]
}

export async function grpc(): Promise<unknown[]> {
  const service = implement(GrpcGreeter, {
    sayHello: ({ name }) => ({ message: name }),
    // @ts-expect-error: a message is no number
    async *sayHelloStreamReply({ name }) {
      yield { message: name.length }
    },
    async *sayHelloBidiStream(requests) {
      for await (const { name } of requests) yield { message: name }
    },
  })
  await using greeter = await createTestClient(GrpcGreeter, service)
  return [await greeter.sayHello({ name: 'a' }), await collect(greeter.sayHelloBidiStream([{ name: 'b' }]))]
}

export async function guide(): Promise<unknown[]> {
  const service = implement(RouteGuide, {
    getFeature: (point) => ({ name: 'here', location: point }),
    async *listFeatures({ lo, hi }) {
      for (const location of [lo, hi]) if (location) yield { location }
    },
    async recordRoute(points) {
      const all = await collect(points)
      return { pointCount: all.length, distance: all.reduce((sum, { latitude }) => sum + latitude, 0) }
    },
    async *routeChat(notes) {
      yield* notes
    },
  })
  await using routes = await createTestClient(RouteGuide, service)
  const feature: Feature = await routes.getFeature({ latitude: 1 })
  return [
    feature,
    await collect(routes.listFeatures({ lo: {}, hi: { longitude: 2 } })),
    await routes.recordRoute([{ latitude: 1 }, { latitude: 2 }]),
    await collect(routes.routeChat([{ message: 'hi' }])),
  ]
}
`
