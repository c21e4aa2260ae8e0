import { resolve } from 'node:path'
import { writeDemoCounty } from './demo-county/write-county.ts'

const folder = resolve(process.argv[2] ?? 'fixtures/demo-county')
const totals = writeDemoCounty(folder)
process.stdout.write(`${JSON.stringify(totals, undefined, 2)}\nwritten to ${folder}\n`)
