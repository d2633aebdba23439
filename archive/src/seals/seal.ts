import { createHash } from 'node:crypto'
import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { loadPrefix } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'
import { groupsOf, LoadDescription, ObjectDescription, readDescription } from './descriptions.ts'
import { descriptionHash } from './hashes.ts'
import { nodeHash, type Tree, treeOf } from './tree.ts'

const FORMAT = 'muniment-seal-1'

export const sealKey = (application: string, load: string) => `${loadPrefix(application, load)}seal.json`
/** Roots of all row groups, 32 bytes each, in the order of the objects in the seal. */
export const sealGroupsKey = (application: string, load: string) => `${loadPrefix(application, load)}seal-groups.bin`

const SealFile = z.strictObject({
  format: z.literal(FORMAT),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  description: z.string(),
  objects: z.array(z.strictObject({ root: z.string().regex(/^[0-9a-f]{64}$/), description: z.string() })),
})

/** What the record of a load says of its seal. */
export const SealReference = z.object({
  key: z.string(),
  sha256: z.string(),
  root: z.string().regex(/^[0-9a-f]{64}$/),
})
export type SealReference = z.infer<typeof SealReference>

export interface SealedObject {
  /** The text that is hashed, and what it says. */
  text: string
  description: ObjectDescription
  /** Roots of its row groups. */
  groups: Buffer[]
  root: Buffer
}

export interface Seal {
  root: Buffer
  text: string
  description: LoadDescription
  objects: SealedObject[]
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

/** An object's root: its description beside the tree over its row groups. */
export function sealObject(description: ObjectDescription, groups: Buffer[]): SealedObject {
  const text = JSON.stringify(description)
  return { text, description, groups, root: nodeHash([descriptionHash(text), treeOf(groups).root]) }
}

export const objectsTree = (objects: readonly SealedObject[]): Tree => treeOf(objects.map(({ root }) => root))

/** A load's root: its description beside the tree over its objects. */
export function sealLoad(description: LoadDescription, objects: SealedObject[]): Seal {
  const text = JSON.stringify(description)
  return { root: nodeHash([descriptionHash(text), objectsTree(objects).root]), text, description, objects }
}

/** The two files that are kept of a seal, and how a load names them. */
export function sealFiles({ root, text, description, objects }: Seal) {
  const { application, load } = description
  const file = {
    format: FORMAT,
    root: root.toString('hex'),
    description: text,
    objects: objects.map((object) => ({ root: object.root.toString('hex'), description: object.text })),
  }
  const seal = `${JSON.stringify(file, null, 2)}\n`
  const key = sealKey(application, load)
  return {
    seal,
    groups: Buffer.concat(objects.flatMap((object) => object.groups)),
    reference: { key, sha256: sha256(seal), root: file.root } satisfies SealReference,
  }
}

/** Reads a seal as a load names it; OperatorError where anything in it does not lead to the root that it is known by. */
export async function readSeal(store: ObjectStore, record: SealOwner): Promise<Seal> {
  const { application, load, seal: reference } = record
  const damaged = (what: string) => new OperatorError(`The seal of load ${load} is damaged: ${what}.`)
  const stored = await store.get(reference.key)
  if (!stored) throw damaged(`${reference.key} is missing`)
  if (sha256(stored.body) !== reference.sha256) throw damaged(`${reference.key} is not the one that the load names`)
  const file = SealFile.safeParse(parsed(stored.body.toString('utf8')))
  if (!file.success) throw damaged(`${reference.key} is no seal`)
  const description = readDescription(LoadDescription, file.data.description)
  const key = sealGroupsKey(application, load)
  const roots = await store.get(key)
  if (!roots) throw damaged(`${key} is missing`)
  let at = 0
  const objects = file.data.objects.map(({ description: text, root }) => {
    const about = readDescription(ObjectDescription, text)
    if (about?.load !== load || about.application !== application) throw damaged('an object of another load is in it')
    const groups = Array.from({ length: groupsOf(about) }, () => {
      at += 32
      return roots.body.subarray(at - 32, at)
    })
    const sealed = sealObject(about, groups)
    if (sealed.text !== text || sealed.root.toString('hex') !== root)
      throw damaged(`the row groups in ${key} do not lead to the root of ${about.object}`)
    return sealed
  })
  if (at !== roots.body.length) throw damaged(`${key} has not the length that the objects need`)
  if (description?.load !== load || description.application !== application || description.objects !== objects.length)
    throw damaged(`${reference.key} is of another load`)
  const seal = sealLoad(description, objects)
  const root = seal.root.toString('hex')
  if (seal.text !== file.data.description || root !== file.data.root || root !== reference.root)
    throw damaged('the objects do not lead to the root of the load')
  return seal
}

export interface SealOwner {
  application: string
  load: string
  seal: SealReference
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
