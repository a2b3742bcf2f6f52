import Fastify from 'fastify'

const string = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } } })
const app = Fastify()
const schema = { body: string('name'), response: { 200: string('message') } }
app.post('/bench.Greeter/SayHello', { schema }, async ({ body }) => ({ message: `Hello ${body.name}` }))
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`listening ${app.server.address().port}`)
