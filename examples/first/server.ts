import { createApp, implement, serve } from 'tierkit'
import { Greeter } from './generated/greeter_pb.js'

const greeter = implement(Greeter, { sayHello: ({ name }) => ({ message: `Hello ${name}` }) })

const port = Number(process.env.PORT ?? 8080)
await createApp({ name: 'greeter', services: [greeter], servers: [serve({ port })] }).run()
