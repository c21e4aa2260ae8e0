import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // The files of a worker share its modules: src keeps no state in them, and loading them anew for
    // each file takes as long as a third of the tests. A file puts back what it fakes.
    isolate: false,
    restoreMocks: true,
  },
})
