// Installs, compiles and builds only what is needed and missing. npm runs it before start, test, demo
// and check: it needs no package of its own. What it does goes to stderr: stdout stays the command's.
//   setup.mjs packages   what checks and builds use;  setup.mjs   also what opens a database;
//   setup.mjs build      also the program in dist/
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
const wanted = process.argv[2]

if (!isDone('installed') && !isDone('packages')) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  done('packages')
}
if (!isDone('installed') && wanted !== 'packages') {
  run('npm', ['rebuild', 'better-sqlite3'])
  done('installed')
}
if (wanted === 'build' && newest('src') > built()) run('npm', ['run', 'build'])

/** Each step leaves the lock that it was done for: npm ci takes all of them away. */
function stampOf(step) {
  return join(root, 'node_modules', `.${step}-lock`)
}

function isDone(step) {
  return existsSync(stampOf(step)) && readFileSync(stampOf(step), 'utf8') === lock
}

function done(step) {
  writeFileSync(stampOf(step), lock)
}

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
