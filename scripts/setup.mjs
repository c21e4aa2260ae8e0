// Installs and builds only when needed. npm runs it before start, test, demo and check: it needs no
// package of its own. What it does goes to stderr, so that stdout stays the command's.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const STAMP = join(root, 'node_modules', '.installed-lock')
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')

if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== lock) {
  run('npm', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(STAMP, lock)
}
if (process.argv.includes('build') && newest('src') > built()) run('npm', ['run', 'build'])

/** The time of the youngest file under a folder. */
function newest(folder) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => statSync(join(root, folder, file)).mtimeMs))
}

function built() {
  const program = join(root, 'dist', 'main.js')
  return existsSync(program) ? statSync(program).mtimeMs : 0
}

function run(command, args) {
  process.stderr.write(`${command} ${args.join(' ')}\n`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}
