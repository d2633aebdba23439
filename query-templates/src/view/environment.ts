import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'
import { escapeHtml } from '../format/escape.ts'
import { MASKED, Mask } from '../format/mask.ts'
import type { Presenter } from '../format/presenter.ts'
import { NONE } from '../format/texts.ts'
import { COMPONENTS_FILE, FILTERS } from './components.ts'
import { createFormatters } from './formatters.ts'
import type { ViewPanel } from './panel.ts'

/** A compiled template as Nunjucks has it. */
export interface CompiledView {
  root: (environment: unknown, context: unknown, frame: unknown, runtime: unknown, done: unknown) => void
}

interface Internals {
  compiler: { compile(source: string, filters: [], extensions: [], name: string, options: object): string }
  runtime: Record<string, unknown> & { SafeString: new (text: string) => object }
  Template: new (source: object, environment: unknown, name: string) => { render(context: object): string }
  Environment: new (loader: object, options: object) => Record<'globals' | 'filters' | 'tests', Record<string, unknown>>
}

const { compiler, runtime, Template, Environment } = nunjucks as unknown as Internals
const { SafeString } = runtime
const OPTIONS = { autoescape: true, throwOnUndefined: true }

/**
 * The runtime that compiled views get in place of Nunjucks' own: only own properties can be looked up, everything that is no component's
 * HTML is escaped by us, and what is undefined is an error instead of nothing.
 */
const guarded = {
  ...runtime,
  memberLookup(target: unknown, key: PropertyKey): unknown {
    if (target === null || target === undefined)
      throw new Error(`\`${String(key)}\` was looked up in something that is not there.`)
    return Object.hasOwn(Object(target), key) ? Reflect.get(Object(target), key) : undefined
  },
  ensureDefined(value: unknown, line: number): unknown {
    if (value === undefined) throw new Error(`Line ${line + 1} shows something that is not there.`)
    if (value instanceof Mask) return new SafeString(MASKED)
    return value === null ? new SafeString(NONE) : value
  },
  suppressValue(value: unknown): unknown {
    if (value instanceof Mask) return new SafeString(MASKED)
    return value instanceof SafeString ? value : escapeHtml(value === null || value === undefined ? '' : String(value))
  },
}

/** Compiles a view; it must have passed the check, since Nunjucks puts names into the code as they are. */
export function compileView(source: string, name: string): CompiledView {
  const code = compiler.compile(source, [], [], name, OPTIONS)
  const { root } = new Function(code)() as CompiledView
  return { root: (environment, context, frame, _runtime, done) => root(environment, context, frame, guarded, done) }
}

let components: CompiledView | undefined

/** Compiled once; the macros are ours and need no check. */
function compiledComponents(): CompiledView {
  components ??= compileView(readFileSync(componentsPath(), 'utf8'), COMPONENTS_FILE)
  return components
}

export type RenderCompiled = (view: CompiledView, name: string, panel: ViewPanel) => string

/** Renders compiled views for one application and one person's settings. Nothing but the components can be loaded. */
export function createEnvironment(presenter: Presenter): RenderCompiled {
  const loader = {
    getSource: (name: string) =>
      name === COMPONENTS_FILE
        ? { src: { type: 'code', obj: compiledComponents() }, path: name, noCache: false }
        : null,
  }
  const environment = new Environment(loader, OPTIONS)
  const formatters = createFormatters(presenter, SafeString)
  environment.globals = Object.assign(Object.create(null), formatters)
  environment.filters = Object.fromEntries(FILTERS.map((name) => [name, environment.filters[name]]))
  environment.tests = {}
  const templates = new WeakMap<CompiledView, InstanceType<typeof Template>>()
  return (view, name, panel) => {
    const template = templates.get(view) ?? new Template({ type: 'code', obj: view }, environment, name)
    templates.set(view, template)
    return template.render({ panel })
  }
}

/** In a bundle it lies beside the code. */
function componentsPath(): string {
  const bundled = fileURLToPath(new URL(COMPONENTS_FILE, import.meta.url))
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../components/components.njk', import.meta.url))
}
