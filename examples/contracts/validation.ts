/** Rules in a contract: what breaks one reaches no handler, and callers learn of every field. `.cel` needs @marcbachmann/cel-js. */
import { RpcError } from 'tierkit'
import { BadRequest, findDetail } from 'tierkit/codec'
import { standard } from 'tierkit/middleware'
import { implement, parseProto } from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'

const contract = parseProto(`
  syntax = "proto3";
  package shop.v1;
  import "buf/validate/validate.proto";

  service Orders { rpc Place(Order) returns (Placed); }

  message Order {
    option (buf.validate.message).cel = {
      id: "order.count", message: "must not have more than 1000 of an item"
      expression: "this.items.all(item, item.count <= uint(1000))"
    };
    string email = 1 [(buf.validate.field).string.email = true];
    repeated Item items = 2 [(buf.validate.field).repeated = { min_items: 1, max_items: 10 }];
  }
  message Item {
    string sku = 1 [(buf.validate.field).string.pattern = "^[a-z]+-[0-9]{3}$"];
    uint32 count = 2 [(buf.validate.field).uint32.gt = 0];
  }
  message Placed { uint32 items = 1; }`)

const Orders = contract.service('shop.v1.Orders')
const orders = implement(Orders, {
  place({ items }) {
    console.log('placed')
    return { items: items.length }
  },
})

// An app has standard() around every service; so it is put there for this client of a service in the same process.
const client = await createTestClient(Orders, orders, { middleware: [...standard({ logging: false })] })

for (const order of [
  { email: 'ada@example.com', items: [{ sku: 'pen-001', count: 3 }] },
  {
    email: 'ada',
    items: [
      { sku: 'pen-001', count: 3 },
      { sku: 'ink', count: 0 },
    ],
  },
  { email: 'ada@example.com', items: [{ sku: 'pen-001', count: 5000 }] },
]) {
  try {
    console.log(await client.place?.(order))
  } catch (error) {
    const { fieldViolations = [] } = findDetail(RpcError.from(error), BadRequest) ?? {}
    for (const { field, description } of fieldViolations) console.log(`${field || 'the order'}: ${description}`)
  }
}
await client[Symbol.asyncDispose]()
