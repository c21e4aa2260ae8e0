import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts the program `name` that lies beside `of`, the calling module's URL. Run from its sources
 * (demo, tests), a thread must register the loader of the main thread anew.
 */
export function startThread(name: string, of: string, options: WorkerOptions): Worker {
  if (!of.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, of), options)
  const program = new URL(`./${name}.ts`, of)
  const loader = import.meta.resolve('tsx/esm/api')
  const start = `import('${loader}').then(({ register }) => register() && import('${program}'))`
  return new Worker(start, { ...options, eval: true })
}
