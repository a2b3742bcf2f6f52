import protobuf from 'protobufjs'
import { type MessageCodec, messageCodec } from 'tierkit/codec'
import type { Binding, Endpoint, HttpRule, Method, MethodKind } from 'tierkit/endpoint'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package google.api;
  message HttpBody { string content_type = 1; bytes data = 2; }
  message File { string filename = 1; string content_type = 2; bytes data = 3; }
  message Meta { string author = 1; int32 year = 2; }
  message Upload {
    string title = 1;
    bool hidden = 2;
    int64 total = 3;
    repeated string tags = 4;
    bytes raw_bytes = 5;
    File file = 6;
    repeated File files = 7;
    Meta meta = 8;
    HttpBody body = 9;
    map<string, string> labels = 10;
    repeated bytes blobs = 11;
  }
  message Chunk { string title = 1; string filename = 2; string content_type = 3; bytes chunk = 4; }
`)
root.resolveAll()

const codecs = Object.fromEntries(
  ['HttpBody', 'Upload', 'Chunk'].map((name) => [name, messageCodec(root.lookupType(`google.api.${name}`))]),
) as Record<string, MessageCodec>

/** A method that takes uploads. */
export function upload(
  { type = 'Upload', kind = 'unary', http = [] }: { type?: string; kind?: MethodKind; http?: readonly HttpRule[] },
  endpoint: Endpoint,
): Binding {
  const codec = codecs[type] as MessageCodec
  const method: Method = {
    service: 'files.v1.Files',
    name: 'Put',
    path: PUT,
    kind,
    idempotency: 'unknown',
    request: codec,
    response: codecs.Upload as MessageCodec,
    http,
  }
  return { method, endpoint }
}

export const PUT = '/files.v1.Files/Put'
export const BOUNDARY = 'XX'
export const TYPE = `multipart/form-data; boundary=${BOUNDARY}`

/** A form of parts, each given as its headers and its content. */
export function form(...parts: readonly (readonly [headers: string, content: string | Buffer])[]): Buffer {
  const pieces = parts.flatMap(([headers, content]) => [`--${BOUNDARY}\r\n${headers}\r\n\r\n`, content, '\r\n'])
  return Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece as string)))
}

/** A part with a name. */
export function part(name: string, content: string | Buffer, more = ''): readonly [string, string | Buffer] {
  return [`Content-Disposition: form-data; name="${name}"${more}`, content]
}
