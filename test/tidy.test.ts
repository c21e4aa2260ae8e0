import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const FUNCTION_LINES_MAX = 60
const FILE_LINES_MAX = 250
const LINE_COLUMNS_MAX = 100

/** Features in their order: each may import those before it. */
const FEATURES = [
  'access',
  'facts',
  'regions',
  'operators',
  'contracts',
  'payments',
  'subsidies',
  'screenings',
  'petitions',
  'risk',
  'recovery',
  'cases',
  'exports',
  'imports',
  'alerts',
  'nightly',
  'accounts',
]
const LAYERS: Record<string, string[]> = {
  domain: ['domain'],
  platform: ['platform', 'domain', 'errors'],
  errors: [],
  config: [],
  deps: ['platform', 'domain', 'errors'],
}
const EDGES = ['app', 'open-service', 'main', 'cli']
/** Technology that one file or one kind of file knows. */
const KNOWN_BY: [RegExp, RegExp][] = [
  [/^node-cron$/, /^nightly\/nightly-schedule\.ts$/],
  [/^better-sqlite3$/, /^platform\/database\//],
  [
    /^fastify|^@fastify\//,
    /^(app|open-service)\.ts$|-routes?\.ts$|^platform\/http\/|^access\/(authenticate|authorize)\.ts$/,
  ],
  [
    /^node:worker_threads$/,
    /^platform\/start-thread\.ts$|^(imports|nightly|risk)\/[\w-]*(-thread|-in-threads?)\.ts$/,
  ],
  [/^@node-rs\/argon2$/, /^access\/password-hash\.ts$/],
  [/^pino$/, /^platform\/log\//],
  [/^nodemailer/, /^platform\/mail\/mail-transport\.ts$/],
  [/^hucre/, /^platform\/spreadsheet\/write-workbook\.ts$/],
  [/^docx$/, /^platform\/document\/write-document\.ts$/],
]
/** The clock and the environment are read at the edges only. */
const BANS: [RegExp, string, RegExp][] = [
  [/process\.env/, 'reads process.env', /^config\.ts$/],
  [/new Date\(\)|Date\.now\(/, 'reads the clock', /^open-service\.ts$/],
  [/Math\.random/, 'rolls dice', /^$/],
  [/\.transaction\(async \(\w+\) =>[\s\S]*drizzle\(/, 'uses drizzle transactions', /^$/],
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'leaves a note to self', /^$/],
  [/@ts-ignore|@ts-nocheck/, 'silences the compiler', /^$/],
]
const NAMELESS = /(^|-)(utils?|helpers?|common|shared|misc|manager|handler|dto|impl|index)(-|\.)/

const filesUnder = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
const files = filesUnder('src')
const layerOf = (file: string) => file.split('/')[0]?.replace('.ts', '') ?? ''

it.each(files)('src/%s is tidy', (file) => {
  const text = readFileSync(join(SRC, file), 'utf8')
  const complaints = [...sizes(file, text), ...imports(file, text)]
  for (const [pattern, complaint, allowed] of BANS)
    if (pattern.test(text) && !allowed.test(file)) complaints.push(complaint)
  expect(complaints).toEqual([])
})

it.each([
  ...filesUnder('scripts').map((f) => `scripts/${f}`),
  ...filesUnder('test').map((f) => `test/${f}`),
])('%s has no notes to self and no skipped tests', (file) => {
  if (file === 'test/tidy.test.ts') return
  const text = readFileSync(join(ROOT, file), 'utf8')
  expect(text).not.toMatch(/\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-nocheck|\.(skip|only|todo)\(/)
})

it('every file of src has a name of its own that says what it is', () => {
  const names = files.map((file) => basename(file))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name))).toEqual([])
  expect(names.filter((name) => NAMELESS.test(name))).toEqual([])
})

it('src has the layers that are declared, and no other', () => {
  const known = [...FEATURES, ...Object.keys(LAYERS), ...EDGES].sort()
  expect([...new Set(files.map(layerOf))].sort()).toEqual(known)
})

it('public rules of the domain say what they mean', () => {
  const silent = files
    .filter((file) => file.startsWith('domain/'))
    .flatMap((file) => undocumented(file).map((name) => `${file}: ${name}`))
  expect(silent).toEqual([])
})

function sizes(file: string, text: string): string[] {
  const lines = text.split('\n')
  const complaints: string[] = []
  if (lines.length > FILE_LINES_MAX + 1) complaints.push(`${lines.length} lines`)
  lines.forEach((line, at) => {
    if (line.length > LINE_COLUMNS_MAX) complaints.push(`line ${at + 1} has ${line.length} columns`)
  })
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const visit = (node: ts.Node, top: boolean) => {
    const isPlugin = !top && /-routes?\.ts$/.test(file)
    if (ts.isFunctionLike(node) && 'body' in node && node.body && !isPlugin) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line
      const to = source.getLineAndCharacterOfPosition(node.end).line
      const max = /-routes?\.ts$/.test(file) ? 2 * FUNCTION_LINES_MAX : FUNCTION_LINES_MAX
      if (to - from + 1 > max) complaints.push(`function at ${from + 1}: ${to - from + 1} lines`)
    }
    ts.forEachChild(node, (child) => visit(child, false))
  }
  ts.forEachChild(source, (node) => visit(node, true))
  return complaints
}

function imports(file: string, text: string): string[] {
  return ts.preProcessFile(text).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return foreignImport(file, fileName)
    const target = relative(SRC, resolve(SRC, dirname(file), fileName))
    const [from, to] = [layerOf(file), layerOf(target)]
    if (/-routes\.ts$/.test(target) && file !== 'app.ts') return [`imports routes (${fileName})`]
    if (EDGES.includes(from))
      return to === 'main' || (to === 'cli' && from !== 'cli') ? [`imports ${to}`] : []
    const may = LAYERS[from] ?? [
      ...FEATURES.slice(0, FEATURES.indexOf(from) + 1),
      'domain',
      'platform',
      'errors',
      'deps',
    ]
    return may.includes(to) ? [] : [`${from} imports ${to} (${fileName})`]
  })
}

function foreignImport(file: string, name: string): string[] {
  if (file.startsWith('domain/') && !/^date-fns/.test(name)) return [`domain imports ${name}`]
  return KNOWN_BY.flatMap(([technology, place]) =>
    technology.test(name) && !place.test(file) ? [`knows ${name}`] : [],
  )
}

/** Exported functions of a file without a docstring that names a source. */
function undocumented(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  return source.statements.flatMap((node) => {
    if (!ts.isFunctionDeclaration(node)) return []
    if (!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    const comment = text.slice(node.getFullStart(), node.getStart())
    return /\/\*\*[\s\S]*(Source|Units|@example|Example)/.test(comment)
      ? []
      : [node.name?.text ?? '?']
  })
}
