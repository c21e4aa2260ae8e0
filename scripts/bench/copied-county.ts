import { constants, copyFileSync, existsSync, rmSync } from 'node:fs'
import { countyFile } from './bench-county.ts'
import { generateCounty } from './generate-county.ts'

/** Copies the bench county, made first if need be, to `copy`; other files to be made are removed. */
export async function copiedCounty(
  contracts: number,
  print: (line: string) => void,
  copy: string,
  ...toBeMade: string[]
): Promise<string> {
  const county = countyFile(contracts)
  if (existsSync(county)) print(`county reused: ${county}`)
  else {
    print(`generating a county of ${contracts} contracts: ${county}`)
    await generateCounty(county, contracts)
  }
  for (const path of [copy, ...toBeMade])
    for (const suffix of ['', '-wal', '-shm', '.key']) rmSync(path + suffix, { force: true })
  copyFileSync(county, copy, constants.COPYFILE_FICLONE)
  return county
}
