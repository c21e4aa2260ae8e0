// Fastify alone in a process of its own: it answers each path with the bytes that it was given.
import Fastify from 'fastify'

const app = Fastify()
const bodies = new Map()
app.get('/*', (request, reply) => {
  const { type, bytes } = bodies.get(request.url)
  return reply.header('content-type', type).send(bytes)
})
await app.listen({ port: 0 })
process.on('message', (answers) => {
  for (const { path, type, body } of answers ?? []) {
    bodies.set(path, { type, bytes: Buffer.from(body) })
  }
  process.send(process.cpuUsage())
})
process.once('disconnect', () => app.close())
process.send({ port: app.server.address().port })
