import {
  bidiStream,
  clientStream,
  defineMessage,
  defineService,
  field,
  type MessageOf,
  serverStream,
  unary,
} from 'tierkit'

/** The contract that the small examples share. */
export const Hello = defineMessage('greeter.v1.Hello', { text: field(1, 'string') })
export type Hello = MessageOf<typeof Hello>

export const Greeter = defineService({
  name: 'greeter.v1.Greeter',
  methods: {
    sayHello: unary(Hello, Hello, {
      idempotency: 'no_side_effects',
      http: [{ method: 'GET', path: '/v1/hello/{text}' }],
    }),
    greetAll: clientStream(Hello, Hello),
    countDown: serverStream(Hello, Hello),
    chat: bidiStream(Hello, Hello),
  },
})
