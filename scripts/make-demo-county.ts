import { resolve } from 'node:path'
import { writeDemoCounty } from './demo-county/write-county.ts'

const folder = resolve(process.argv[2] ?? 'fixtures/demo-county')
await writeDemoCounty(folder)
process.stdout.write(`written to ${folder}\n`)
