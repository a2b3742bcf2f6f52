import { parseProto } from 'tierkit/service'

/** A contract with fields of every kind, and HTTP rules of every kind. */
export const library = `syntax = "proto3";
package library.v1;

import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/api/httpbody.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "tierkit/options.proto";

// Keeps books.
service Library {
  // Makes a book. The name is chosen by the server.
  //
  // Books are never lost.
  rpc CreateBook(CreateBookRequest) returns (Book) {
    option (google.api.http) = { post: "/v1/{parent=shelves/*}/books" body: "book" };
    option (tierkit.http_status) = 201;
  }
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = {
      get: "/v1/{name=shelves/*/books/*}"
      additional_bindings { get: "/v1/books/{name}" response_body: "title" }
      additional_bindings { custom: { kind: "LOCK" path: "/v1/books/{name}" } }
    };
  }
  rpc UpdateBook(UpdateBookRequest) returns (Book) {
    option (google.api.http) = { patch: "/v1/books/{book.name}" body: "*" };
  }
  rpc MoveBook(MoveBookRequest) returns (Book) {
    option (google.api.http) = { post: "/v1/books/{book_name}:move" body: "*" };
  }
  rpc DeleteBook(GetBookRequest) returns (google.protobuf.Empty) {
    option deprecated = true;
    option (google.api.http) = { delete: "/v1/books/{name}" };
    option (tierkit.http_status) = 204;
  }
  // Lists books, e.g. those of an author.
  rpc ListBooks(ListBooksRequest) returns (ListBooksResponse) {
    option (google.api.http) = { get: "/v1/books" };
  }
  rpc WatchBooks(ListBooksRequest) returns (stream Book) {
    option (google.api.http) = { get: "/v1/books:watch" };
  }
  rpc Upload(UploadRequest) returns (Book) {
    option (google.api.http) = { post: "/v1/files" body: "*" };
  }
  rpc Import(stream Book) returns (ListBooksResponse);
  rpc Chat(stream Book) returns (stream Book);
  rpc ReadFile(ReadFileRequest) returns (google.api.HttpBody) {
    option (google.api.http) = { get: "/v1/files/{path=**}" };
  }
  rpc WriteFile(WriteFileRequest) returns (google.protobuf.Empty) {
    option (google.api.http) = { put: "/v1/raw/{path}" body: "content" };
  }
  rpc Plain(Everything) returns (Everything);
}

enum Reason {
  option (tierkit.error_domain) = "library.example.com";
  REASON_UNSPECIFIED = 0;
  // There is no such book.
  BOOK_NOT_FOUND = 1 [(tierkit.error) = { code: NOT_FOUND }];
  TITLE_TAKEN = 2 [(tierkit.error) = { code: ALREADY_EXISTS, message: "the title is taken" }];
  ISBN_WRONG = 3 [(tierkit.error) = { code: INVALID_ARGUMENT, http_status: 422 }];
}

// What a book is about.
enum Genre {
  GENRE_UNSPECIFIED = 0;
  // Made up.
  GENRE_FICTION = 1;
  GENRE_OLD = 2 [deprecated = true];
}

message Book {
  string name = 1 [(google.api.field_behavior) = OUTPUT_ONLY];
  // What is on the cover.
  string title = 2 [(google.api.field_behavior) = REQUIRED];
  Genre genre = 3;
  // Sequels.
  repeated Book sequels = 4;
  oneof contact { string email = 5 [(buf.validate.field).string.email = true]; string phone = 6; Publisher publisher = 7; }
  message Publisher { string full_name = 1; }
  string secret = 8 [(google.api.field_behavior) = INPUT_ONLY];
  int64 cents = 9 [deprecated = true];
}

message CreateBookRequest { string parent = 1; Book book = 2 [(google.api.field_behavior) = REQUIRED]; bool dry_run = 3; }
message GetBookRequest { string name = 1; }
message UpdateBookRequest { Book book = 1; google.protobuf.FieldMask update_mask = 2; }
message MoveBookRequest { string book_name = 1 [(google.api.field_behavior) = REQUIRED]; string shelf = 2; }
message ListBooksRequest {
  int32 page_size = 1 [(buf.validate.field).int32 = { gte: 0, lte: 100 }];
  repeated Genre genres = 2;
  Filter filter = 3;
  map<string, string> labels = 4;
  map<string, Filter> filters = 5;
  repeated Filter more = 6;
  google.protobuf.Timestamp since = 7;
  google.protobuf.BoolValue printed = 8;
  string query = 9 [(buf.validate.field).required = true];
  google.protobuf.Struct extra = 10;
  message Filter { string author = 1; Filter other = 2; int64 min_cents = 3; }
}
message ListBooksResponse { repeated Book books = 1; }
message File { string filename = 1; string content_type = 2; bytes content = 3; }
message UploadRequest { string title = 1; File cover = 2; repeated File pages = 3; Book.Publisher by = 4; }
message ReadFileRequest { string path = 1; }
message WriteFileRequest { string path = 1; google.api.HttpBody content = 2; bool force = 3; }

message Everything {
  double a_double = 1; float a_float = 2; int32 an_int32 = 3; int64 an_int64 = 4; uint32 a_uint32 = 5; uint64 a_uint64 = 6;
  sint32 a_sint32 = 7; sint64 a_sint64 = 8; fixed32 a_fixed32 = 9; fixed64 a_fixed64 = 10; sfixed32 a_sfixed32 = 11;
  sfixed64 a_sfixed64 = 12; bool a_bool = 13; string a_string = 14; bytes some_bytes = 15;
  optional string maybe = 16; Genre genre = 17; repeated string texts = 18; repeated bytes blobs = 19;
  map<string, int64> sums = 20; map<int32, Book> books = 21; map<bool, Genre> genres = 22;
  google.protobuf.Timestamp timestamp = 23; google.protobuf.Duration duration = 24; google.protobuf.FieldMask mask = 25;
  google.protobuf.Struct struct = 26; google.protobuf.Value value = 27; google.protobuf.ListValue list = 28;
  google.protobuf.NullValue null = 29; google.protobuf.Any any = 30; google.protobuf.Empty empty = 31;
  google.protobuf.StringValue string_value = 32; google.protobuf.Int64Value int64_value = 33;
  google.protobuf.DoubleValue double_value = 34; google.protobuf.BytesValue bytes_value = 35;
  string renamed = 36 [json_name = "other"]; Everything inner = 37; repeated google.protobuf.Any anys = 38;
}
`

/** The definition of the service of the library. */
export const librarySource = () => [parseProto(library).service('library.v1.Library')]
