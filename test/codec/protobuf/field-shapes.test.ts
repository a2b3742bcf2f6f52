import protobuf from 'protobufjs'
import { expect, it } from 'vitest'
import { fieldShapes } from '../../../src/codec/protobuf/field-shapes.js'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package test;
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/wrappers.proto";
  import "google/protobuf/struct.proto";
  enum Color { RED = 0; }
  message Node {
    string node_id = 1;
    repeated int64 sizes = 2;
    bool open = 3 [json_name = "isOpen"];
    Color color = 4;
    bytes raw = 5;
    Node parent = 6;
    map<string, int32> counts = 7;
    google.protobuf.Timestamp at = 8;
    google.protobuf.BoolValue maybe = 9;
    google.protobuf.Struct free = 10;
    oneof pick { double ratio = 11; }
  }
`)
for (const name of ['timestamp', 'wrappers', 'struct']) {
  root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)!.nested!)
}

it('tells name, JSON name and kind of each field', () => {
  const shapes = fieldShapes(root.lookupType('test.Node'))
  const rows = shapes.map(({ name, jsonName, kind, repeated, fields }) => [
    name,
    jsonName,
    kind + (repeated ? '[]' : ''),
    fields !== undefined,
  ])
  expect(rows).toEqual([
    ['node_id', 'nodeId', 'string', false],
    ['sizes', 'sizes', 'number[]', false],
    ['open', 'isOpen', 'bool', false],
    ['color', 'color', 'enum', false],
    ['raw', 'raw', 'bytes', false],
    ['parent', 'parent', 'message', true],
    ['counts', 'counts', 'map', false],
    ['at', 'at', 'string', false],
    ['maybe', 'maybe', 'bool', false],
    ['free', 'free', 'message', false],
    ['ratio', 'ratio', 'number', false],
  ])
})

it('follows a type that holds itself', () => {
  const shapes = fieldShapes(root.lookupType('test.Node'))
  expect(shapes[5]?.fields).toBe(shapes)
})
