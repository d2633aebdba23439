/** What the language offers to the API, the CLI, the tests and the docs. Implemented by load.ts, bind.ts, render.ts, check.ts. */

import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { QueryEngine, ResultColumn, Row, Statement } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { QueryReadings } from './readings.ts'
import type { Finding, Inputs, Link, OutputColumn, Query, UseCase } from './types.ts'

export interface Templates {
  application: Application
  queries: Map<string, Query>
  useCases: Map<string, UseCase>
  /** What each query reads, by its name; of published templates only. */
  readings?: ReadonlyMap<string, QueryReadings>
  /** sha-256 over all files, hex: what a search records. */
  hash: string
  /** sha-256 over the files of one use case and its queries. */
  hashOf(useCase: string): string
}

/** Reads one application's folder; throws TemplateError with the first finding when it cannot be read at all. */
export type LoadTemplates = (folder: string, name: string) => Promise<Templates>

/**
 * A live view of a templates folder: `get` re-reads when a file has changed (looked at no more than once a second), keeps the last good
 * version with `problem` set when the new one does not load, for whatever reason. So a new use case shows without a restart. Where there is no good version
 * yet, what could be read is there with `problem` set: a fault in one query takes down that query only.
 */
export interface TemplateLibrary {
  list(): Promise<string[]>
  get(application: string): Promise<Templates & { problem?: string }>
}

/** Checks inputs by the use case's parameters: InputError with `fields` for all that is wrong at once; unknown names are wrong. */
export type CheckInputs = (
  useCase: Pick<UseCase, 'parameters' | 'requireOneOf'>,
  inputs: Inputs,
  application: Application,
) => Inputs

/** SQL with `?` and typed values for one query of a use case, from checked inputs. */
export type Bind = (templates: Templates, query: Query, inputs: Inputs) => Statement

/** What a view sees. Nothing else is in its context. */
export interface PanelData {
  title: string
  layout: 'table' | 'summary' | 'timeline'
  /** Shown columns, in the order chosen; `masked`: what a role lacks of them, `hidden` says "masked" in every cell. */
  columns: (OutputColumn & { masked?: 'hidden' | 'partial' })[]
  /** Of all of the query's columns, shown or not: what views of their own may look at. */
  masks?: Record<string, 'hidden' | 'partial'>
  /** This page's rows; canonical text by column name. */
  rows: Record<string, string | null>[]
  total: number
  more: boolean
  page: number
  pageSize: number
  sort?: string
  /** Of the search, with what the panel is bound with instead: as-of dates, and what links carry on. */
  inputs: Inputs
  /** What the query was bound with, by its own names; `inputs` where nothing is said. */
  bound?: Inputs
  /** Where this is shown: a link that leads to what one is looking at is none. */
  useCase?: string
  empty: string
  /** Which as-of inputs this panel honours: valid_on, known_on. */
  honours: string[]
  /** Where a row leads: the use case's `opens`. The first column with a link where nothing is said. */
  opens?: Link
}

export interface RenderOptions {
  dates?: 'long' | 'iso'
}

/** Renders view.html.njk to an HTML fragment (no script, no style, no id that could clash). */
export type RenderView = (templates: Templates, query: Query, data: PanelData, options?: RenderOptions) => string

export interface CheckOptions {
  /** Compare with what is in the archive. */
  catalog?: CatalogSnapshot
  /** Prepare each template in this engine (needs the catalog). */
  engine?: QueryEngine
}

/** All findings of an application's model, queries, views and use cases; empty when all is well. */
export type CheckTemplates = (folder: string, application: string, options?: CheckOptions) => Promise<Finding[]>

/** Compares a result with declared columns; used by the check, the API and the conformance run. */
export type CompareColumns = (query: Query, actual: ResultColumn[]) => Finding[]

export type { Row }
