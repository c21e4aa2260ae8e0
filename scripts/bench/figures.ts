import { availableParallelism, cpus } from 'node:os'

/** Figures as reports print them. */
export const count = (n: number) => Math.round(n).toLocaleString('en-US')
export const seconds = (s: number) => `${s.toFixed(s < 1 ? 3 : 2)} s`
export const times = (ratio: number) => `${ratio.toFixed(2)} ×`
export const megabytes = (bytes: number) => `${count(bytes / 2 ** 20)} MB`

export const machine = () =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores · ` +
  `Node ${process.versions.node}`
