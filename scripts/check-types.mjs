// Types and promises. ESLint looks at the programs that were just checked: to build them, and to infer every type a second time, is most of the work.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript'
import { root } from './lib/run.mjs'

const projects = ['tsconfig.json', 'web/tsconfig.json', 'e2e/tsconfig.json']
const format = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
}
const configured = new ESLint({ cwd: root })
const formatter = await configured.loadFormatter('stylish')
const linted = new Set()
let wrong = 0

const all = []
for await (const file of typescriptFiles(root)) all.push(file)
for (const project of projects) await check(project)
const left = all.filter((file) => !linted.has(file))
for (const file of left)
  console.error(`${file} belongs to no project: neither its types nor its promises were checked.`)
console.log(`${linted.size} files checked, ${wrong + left.length} findings`)
process.exit(wrong + left.length === 0 && linted.size > 0 ? 0 : 1)

async function check(project) {
  const { options, fileNames, errors, projectReferences } = ts.getParsedCommandLineOfConfigFile(
    join(root, project),
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]) },
  )
  const host = ts.createCompilerHost(options)
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors
  const program = ts.createProgram({ rootNames: fileNames, options, host, projectReferences })
  report([...errors, ...ts.getPreEmitDiagnostics(program)])

  const own = []
  for (const file of fileNames) if (!linted.has(file) && !(await configured.isPathIgnored(file))) own.push(file)
  const results = await new ESLint({
    cwd: root,
    overrideConfig: { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions: { programs: [program] } } },
  }).lintFiles(own)
  for (const { filePath } of results) linted.add(filePath)
  wrong += results.reduce((sum, { errorCount, warningCount }) => sum + errorCount + warningCount, 0)
  const text = await formatter.format(results)
  if (text) console.error(text)
}

function report(diagnostics) {
  wrong += diagnostics.length
  if (diagnostics.length > 0) console.error(ts.formatDiagnostics(diagnostics, format))
}

/** What `eslint .` would look at. */
async function* typescriptFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') yield* typescriptFiles(path)
    else if (/\.tsx?$/.test(entry.name) && !(await configured.isPathIgnored(path))) yield path
  }
}
