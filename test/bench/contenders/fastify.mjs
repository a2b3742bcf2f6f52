import Fastify from 'fastify'

const string = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } } })
const app = Fastify()
const schema = { body: string('name'), response: { 200: string('message') } }
app.post('/bench.Greeter/SayHello', { schema }, async ({ body }) => ({ message: `Hello ${body.name}` }))
// A path parameter and four of the query, by a schema.
const order = {
  params: string('id'),
  querystring: {
    type: 'object',
    properties: {
      limit: { type: 'integer' },
      state: { type: 'string', enum: ['OPEN', 'PAID'] },
      verbose: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
    },
  },
  response: {
    200: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        limit: { type: 'integer' },
        state: { type: 'string' },
        verbose: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
  },
}
app.get('/v1/orders/:id', { schema: order }, async ({ params, query }) => ({ id: params.id, ...query }))
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`listening ${app.server.address().port}`)
