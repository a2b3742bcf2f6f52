import { defineMessage, defineService, field, serverStream, unary } from 'tierkit/service'

const Message = defineMessage('goals.Message', { text: field(1, 'string') })

/** The service of these tests. */
export const Probe = defineService({
  name: 'goals.Probe',
  methods: {
    unary: unary(Message, Message, { idempotency: 'idempotent' }),
    stream: serverStream(Message, Message),
  },
})
