/**
 * Runs command lines as its parent asks for them, one after the other, each from the first line of
 * the program to where its process would end. Loading what the program imports takes a second.
 */
import { Readable } from 'node:stream'

const program = new URL('../../dist/cli.js', import.meta.url)
const inherited = { ...process.env }
const output = { stdout: '', stderr: '' }
let count = 0
let isUnderWay = false

for (const name of /** @type {const} */ (['stdout', 'stderr']))
  process[name].write = (chunk) => {
    output[name] += chunk
    return true
  }

process.on('message', ({ args, typed, env }) => {
  Object.assign(output, { stdout: '', stderr: '' })
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, inherited, env)
  process.argv = [process.execPath, program.pathname, ...args]
  Object.defineProperty(process, 'stdin', { value: Readable.from([typed]), configurable: true })
  process.exitCode = undefined
  isUnderWay = true
  // Only what the command has left open keeps the process now.
  process.channel.unref()
  count += 1
  import(`${program}?${count}`)
})

process.on('beforeExit', () => {
  if (!isUnderWay) return
  isUnderWay = false
  process.channel.ref()
  process.send({ code: process.exitCode ?? 0, ...output })
})

process.on('disconnect', () => {
  process.exitCode = 0
})
