/** Files with everything that a `.proto` file can say. */
export const everything = {
  'shop/v1/orders.proto': `syntax = "proto3";
// Orders and what belongs to them.

package shop.v1;

import "google/api/annotations.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/rpc/status.proto";
import "shop/v1/types.proto";
import "legacy.proto";

// An order. Ends a comment: */ and goes on.
//
//   indented
message Order {
  // The key.
  string order_id = 1;
  Money total = 2; // With tax.
  repeated Item items = 3;
  map<string, Item> items_by_sku = 4;
  map<int64, uint64> sums = 5;
  optional string note = 6;
  optional State state = 7;
  repeated State history = 8;
  // How to reach the customer.
  oneof contact_point {
    // By mail.
    string email = 9;
    uint64 phone_number = 10 [deprecated = true];
    google.protobuf.Empty nobody = 11;
    Item item = 12;
  }
  bytes signature = 13;
  google.protobuf.Timestamp placed_at = 14;
  google.protobuf.Struct extra = 15;
  google.protobuf.Int64Value limit = 16;
  google.rpc.Status failure = 17;
  Order parent = 18;
  legacy.Old old = 19;
  double weight = 20 [json_name = "kg"];
  string kind = 21;
  repeated sint32 loose = 22 [packed = false];

  message Item {
    string sku = 1;
    Kind kind = 2;
    enum Kind { KIND_UNSPECIFIED = 0; KIND_GIFT = 1; }
  }
  // Where an order is.
  enum State {
    STATE_UNSPECIFIED = 0;
    // Paid for.
    STATE_PAID = 1;
    STATE_DONE = 2 [deprecated = true];
    STATE_NEGATIVE = -1;
  }
}

message Nothing {}

// Takes orders.
service Orders {
  // Places an order.
  rpc PlaceOrder(Order) returns (Order) {
    option idempotency_level = IDEMPOTENT;
    option (google.api.http) = { post: "/v1/orders" body: "*" additional_bindings { put: "/v1/orders/{order_id}" body: "total" } };
  }
  rpc WatchOrders(google.protobuf.Empty) returns (stream Order);
  rpc UploadOrders(stream Order) returns (Nothing) { option deprecated = true; }
  rpc chat(stream Money) returns (stream Money) { option idempotency_level = NO_SIDE_EFFECTS; }
}
`,
  // Names that the language, the generated code or the well-known types have too.
  'shop/v1/types.proto': `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
message Money { int64 units = 1; Timestamp at = 2; google.protobuf.Timestamp real = 3; Record record = 4; MessageCodec codec = 5; }
message Timestamp { int32 hour = 1; }
message Record { string types = 1; }
message RecordInit { Record record = 1; JSON json = 2; }
message JSON { string a = 1; }
message MessageCodec { bytes data = 1; }
message class { string default = 1; }
message types { string x = 1; message y { string z = 1; } }
message types_y { class class = 1; Uint8Array array = 2; }
message Uint8Array { repeated bytes parts = 1; }
enum HTTPMethod { HTTP_METHOD_GET = 0; HTTP_METHOD_POST = 1; HTTP_METHOD_V2 = 2; }
`,
  'legacy.proto': `syntax = "proto2";
package legacy;
message Old {
  required string id = 1;
  optional Level level = 2 [default = HIGH];
  repeated int32 numbers = 3;
  optional group Extra = 4 { optional int64 n = 1; }
  extensions 100 to 200;
}
enum Level { LOW = 1; HIGH = 2; }
extend Old { optional string added = 100; }
`,
}
