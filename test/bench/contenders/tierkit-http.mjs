import { bindings, implement, parseProto } from 'tierkit/service'
import { httpServer } from 'tierkit/transport/http'

const Greeter = parseProto(`syntax = "proto3"; package bench;
  import "google/api/annotations.proto";
  service Greeter {
    rpc SayHello(HelloRequest) returns (HelloReply);
    rpc GetOrder(Order) returns (Order) { option (google.api.http) = { get: "/v1/orders/{id}" }; }
  }
  message HelloRequest { string name = 1; } message HelloReply { string message = 1; }
  enum State { OPEN = 0; PAID = 1; }
  message Order { string id = 1; int32 limit = 2; State state = 3; bool verbose = 4; repeated string tags = 5; }`).service(
  'bench.Greeter',
)
const service = implement(Greeter, {
  sayHello: async ({ name }) => ({ message: `Hello ${name}` }),
  getOrder: async ({ ...order }) => order,
})
const { port } = await httpServer({ host: '127.0.0.1', port: 0 }).listen(bindings([service]))
console.log(`listening ${port}`)
