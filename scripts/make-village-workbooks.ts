import { resolve } from 'node:path'
import { writeVillageWorkbooks } from './village-workbooks/write-village-workbooks.ts'

const folder = resolve(process.argv[2] ?? 'fixtures/village-workbooks')
const files = await writeVillageWorkbooks(folder)
process.stdout.write(`${files.length} files written to ${folder}\n`)
