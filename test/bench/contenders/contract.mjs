/** The service that all contenders serve. `Watch` sends chunks of a size for ever or, for size 0, an empty one and no more. */
export const proto = `syntax = "proto3"; package bench;
  service Greeter {
    rpc SayHello(HelloRequest) returns (HelloReply) { option idempotency_level = NO_SIDE_EFFECTS; }
    rpc Watch(WatchRequest) returns (stream Chunk);
  }
  message HelloRequest { string name = 1; }
  message HelloReply { string message = 1; }
  message WatchRequest { int32 size = 1; }
  message Chunk { bytes content = 1; }`
