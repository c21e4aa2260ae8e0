import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longer than their size tells: begun last, one of them would end alone. */
const LONG = [
  'three-nights',
  'random-world',
  'demo',
  'broken-off-night',
  'killed-night',
  'main',
  'import-risks',
  'spreadsheet-read-damaged',
  'sending-programs',
  'village-workbooks',
  'cut-off-import',
  'judged-today',
  'user-commands',
  'other-townships-postgres',
  'night-beside-import',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return place < 0 ? LONG.length : place
    }
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // The files of a worker share its modules: src keeps no state in them, and loading them anew for
    // each file takes as long as a third of the tests. A file puts back what it fakes.
    isolate: false,
    // Services come and go: with room for what is young, a twentieth of the time is saved.
    execArgv: ['--max-semi-space-size=64'],
    restoreMocks: true,
    sequence: { sequencer: LongestFirst },
  },
})
