/** Contracts as text, rich in what `.proto` files can say. */

const kinds = `syntax = "proto3";
package kinds.v1;

import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "buf/validate/validate.proto";

// Every kind of field.
message Kinds {
  option deprecated = true;
  option (buf.validate.message).cel = {
    id: "sum"
    message: "a \\"sum\\" is wrong"
    expression: "this.a_double > 0.0 && this.a_string != '\\n'"
  };

  reserved 4, 100 to 110, 1000 to max;
  reserved "old", "older_name";

  double a_double = 1;
  float a_float = 2;
  int32 a_int32 = 3;
  int64 a_int64 = 5;
  uint32 a_uint32 = 6;
  uint64 a_uint64 = 7;
  sint32 a_sint32 = 8;
  sint64 a_sint64 = 9;
  fixed32 a_fixed32 = 10;
  fixed64 a_fixed64 = 11;
  sfixed32 a_sfixed32 = 12;
  sfixed64 a_sfixed64 = 13;
  bool a_bool = 14;
  // With rules.
  //
  // And two paragraphs.
  string a_string = 15 [
    deprecated = true,
    json_name = "theString",
    (buf.validate.field).string.min_len = 1
  ];
  bytes a_bytes = 16 [(buf.validate.field).bytes.max_len = 9];
  optional string maybe = 17;
  repeated int32 numbers = 18 [packed = false];
  repeated string texts = 19 [(buf.validate.field).string = {in: ["A_B", "c"]}];
  map<string, Kinds> by_name = 20;
  map<int64, Kinds.Inner.Deep> by_number = 21;
  google.protobuf.Timestamp at = 22 [(buf.validate.field).required = true];
  google.protobuf.StringValue wrapped = 23;
  Inner inner = 24 [(buf.validate.field).ignore = IGNORE_ALWAYS];
  State state = 25;
  Inner.Colour colour = 26;
  kinds.v1.other other_field = 27;

  // A choice.
  oneof choice {
    option (buf.validate.oneof).required = true;
    string email = 28;
    // By number.
    int64 phone = 29 [jstype = JS_STRING];
    Inner choice_inner = 30;
  }

  message Inner {
    Deep deep = 1;
    Kinds back = 2;

    message Deep {
      Colour colour = 1;
    }

    enum Colour {
      COLOUR_UNSPECIFIED = 0;
      COLOUR_RED = 1;
    }
  }
}

message other {}

enum State {
  option allow_alias = true;
  reserved 5, 10 to 20;
  reserved "GONE";
  STATE_UNSPECIFIED = 0;
  // It runs.
  STATE_STARTED = 1;
  STATE_RUNNING = 1 [deprecated = true];
  STATE_NEGATIVE = -1;
}
`

const services = `syntax = "proto3";
package shop.v1;

import "google/api/annotations.proto";
import "google/protobuf/empty.proto";
import "kinds.proto";
import "options.proto";

// Takes orders.
service Orders {
  option (acme.v1.owner) = "team orders";
  option (acme.v1.tags) = "A_B";
  option (acme.v1.tags) = "c";
  // Finds one.
  rpc Get(GetOrder) returns (Order) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {
      get: "/v1/orders/{id}"
      additional_bindings { get: "/v1/{parent=shops/*}/orders/{id}" response_body: "kinds" }
      additional_bindings { custom: { kind: "HEAD" path: "/v1/orders/{id}" } }
    };
    option (acme.v1.rule) = { level: LEVEL_HIGH scopes: "LOW_ONE" scopes: "b" nested { number: -1.5 on: true } };
  }
  rpc Put(stream Order) returns (google.protobuf.Empty) {
    option deprecated = true;
    option idempotency_level = IDEMPOTENT;
    option (google.api.http) = { put: "/v1/orders" body: "*" };
  }
  rpc Watch(GetOrder) returns (stream Order);
  rpc Chat(stream .kinds.v1.Kinds) returns (stream .kinds.v1.Kinds.Inner);
}

service Empty {}

message GetOrder { string id = 1; string parent = 2 [(acme.v1.note).text = "x"]; }
message Order { string id = 1; .kinds.v1.Kinds kinds = 2; shop.v1.kinds other = 3; }
message kinds { message v1 { int32 a = 1; } v1 it = 1; }
`

const options = `syntax = "proto3";
package acme.v1;

import "google/protobuf/descriptor.proto";

extend google.protobuf.ServiceOptions {
  optional string owner = 50001;
  repeated string tags = 50002;
}

extend google.protobuf.MethodOptions { optional Rule rule = 50001; }
extend google.protobuf.FieldOptions { optional Note note = 50001; }

message Note { string text = 1; }
message Rule {
  Level level = 1;
  repeated string scopes = 2;
  Nested nested = 3;
  message Nested { double number = 1; bool on = 2; }
}
enum Level { LEVEL_UNSPECIFIED = 0; LEVEL_HIGH = 1; }
`

const proto2 = `syntax = "proto2";
package old;

message Old {
  required int32 id = 1;
  optional string name = 2 [default = "a\\n\\"b\\""];
  optional int64 count = 3 [default = -7];
  optional bytes raw = 14 [default = "\\376\\001"];
  optional double ratio = 4 [default = inf];
  optional bool on = 5 [default = true];
  optional State state = 6 [default = STATE_ON];
  repeated int32 packed_numbers = 7 [packed = true];
  repeated int32 numbers = 8;
  optional group Part = 9 {
    optional int32 x = 1;
    repeated group Inner = 2 { required string y = 1; }
  }
  optional Part again = 10;
  map<string, int32> counts = 11;
  oneof choice { string a = 12; int32 b = 13; }
  extensions 100 to 199, 1000 to max;
  enum State { STATE_OFF = 3; STATE_ON = 4; }
}

extend Old { optional string more = 100; repeated Old olds = 101; }
`

const editions = `edition = "2023";
package ed.v1;

option features.field_presence = IMPLICIT;

message Ed {
  reserved 5 to 7, 100 to max;
  reserved gone, forgotten;
  int32 implicit = 1;
  int32 explicit = 2 [features.field_presence = EXPLICIT];
  int32 must = 3 [features.field_presence = LEGACY_REQUIRED];
  repeated int32 packed = 4;
  repeated int32 expanded = 8 [features.repeated_field_encoding = EXPANDED];
  Ed prefixed = 9;
  Ed delimited = 10 [features.message_encoding = DELIMITED];
  repeated Ed many = 11 [features.message_encoding = DELIMITED];
  Open open = 12;
  Closed closed = 13 [features.field_presence = EXPLICIT];
  oneof choice { string a = 14; Ed b = 15; }
}

enum Open { OPEN_UNSPECIFIED = 0; OPEN_A = 1; }
service Eds { rpc Get(Ed) returns (Ed); }
enum Closed { option features.enum_type = CLOSED; CLOSED_A = 1; }
`

/** By name. */
export const contracts = { kinds, services, options, proto2, editions }
