import { statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError, OperatorError } from '../errors.ts'
import { changePrivate, readPrivate } from '../private-files.ts'
import { codeOf } from '../store/file-errors.ts'
import { checkPassword, hashPassword, isPassword, PasswordHash } from './passwords.ts'
import type { Person } from './port.ts'
import { whyNotGiven } from './reserved.ts'

const User = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, 'lower case letters, digits and . _ @ -'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{C}]+$/u, 'no control characters'),
  groups: z
    .array(z.string().regex(/^[^\s,\p{C}]{1,256}$/u, 'a group has no blanks'))
    .min(1)
    .max(256),
  /** What the archive holds about them: `application:table:key`. */
  records: z
    .array(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*:\P{C}{1,200}$/u, 'a record is written as pas:parties:P10000019'),
    )
    .max(64)
    .optional(),
  password: PasswordHash,
  /** When they were added, or last given a password. */
  changed: z.iso.datetime(),
})
const Removed = z.strictObject({ id: z.string(), at: z.iso.datetime() })
const UsersFile = z.strictObject({
  format: z.literal(1),
  users: z.array(User),
  /** Whose ids are given to nobody else: searches, exports and the log go by them. */
  removed: z.array(Removed).optional(),
})
type User = z.infer<typeof User>
interface Held {
  users: User[]
  removed: z.infer<typeof Removed>[]
}

export const usersFile = (secrets: string): string => join(secrets, 'users.json')

export interface Users {
  /**
   * Whether there are or were local users. It stays so when the last one is removed: a server that people knew as closed is not
   * opened by that.
   */
  configured(): Promise<boolean>
  list(): Promise<Person[]>
  find(id: string): Promise<Person | undefined>
  /** The user where the password is theirs; takes as long where there is no such user. */
  check(id: string, password: string): Promise<Person | undefined>
  /** Throws InputError where something given cannot be used, or the id is taken or was once; writes nothing. */
  checkNew(person: Person, password: string): Promise<void>
  /** As checkNew. */
  add(person: Person, password: string): Promise<void>
  /** Throws InputError where there is no such user; the message does not repeat what was typed. */
  mustExist(id: string): Promise<void>
  setPassword(id: string, password: string): Promise<void>
  /** They count from the next request on. */
  setGroups(id: string, groups: string[]): Promise<void>
  /** Nobody is ever given the id again. */
  remove(id: string): Promise<void>
}

/** The local users of the embedded setting, in `users.json` below the data folder's `secrets`. Changes count at once, also in a server. */
export function localUsers(secrets: string, clock: () => Date = () => new Date()): Users {
  const file = usersFile(secrets)
  let held: ({ mark: string } & Held) | undefined

  async function read(): Promise<Held | undefined> {
    const mark = markOf(file)
    if (mark === undefined) return undefined
    if (held?.mark !== mark) held = { mark, ...parseUsers((await readPrivate(file))?.toString('utf8'), file) }
    return held
  }

  const change = (act: (held: Held) => Partial<Held>) =>
    changePrivate(file, (text) => {
      const before = text === undefined ? { users: [], removed: [] } : parseUsers(text, file)
      const { users, removed } = { ...before, ...act(before) }
      return `${JSON.stringify({ format: 1, users, ...(removed.length > 0 && { removed }) }, undefined, 2)}\n`
    })

  const parse = (person: Person) => {
    const given = User.omit({ password: true, changed: true }).safeParse(person)
    const sentences = given.error?.issues.map(({ path, message }) => `${String(path[0] ?? 'user')}: ${message}`) ?? []
    const reserved = whyNotGiven(person.id)
    if (reserved !== undefined) sentences.push(`id: ${reserved}`)
    if (!given.success || sentences.length > 0) throw new InputError(`${sentences.join('; ')}.`)
    return given.data
  }

  const mustBeNew = ({ users, removed }: Held, id: string): void => {
    if (users.some((user) => user.id === id)) throw new InputError(`There is a user ${id} already.`)
    if (removed.some((user) => user.id === id))
      throw new InputError(
        `${id} was the id of a user who was removed. It is given to nobody again, because searches, exports and the log ` +
          'go by it: choose another, also for the same person.',
      )
  }

  const mustBe = (users: User[], id: string): void => {
    if (!users.some((user) => user.id === id))
      throw new InputError(isUserId(id) ? `There is no user ${id}.` : 'There is no such user.')
  }

  return {
    configured: async () => (await read()) !== undefined,
    list: async () => ((await read())?.users ?? []).map(personOf),
    async find(id) {
      const user = (await read())?.users.find((one) => one.id === id)
      return user && personOf(user)
    },
    async check(id, password) {
      const user = (await read())?.users.find((one) => one.id === id)
      return (await isPassword(password, user?.password)) && user ? personOf(user) : undefined
    },
    async checkNew(person, password) {
      parse(person)
      checkPassword(password, person.id)
      mustBeNew((await read()) ?? { users: [], removed: [] }, person.id)
    },
    async add(person, password) {
      const given = parse(person)
      checkPassword(password, person.id)
      const user: User = { ...given, password: await hashPassword(password), changed: clock().toISOString() }
      await change((held) => {
        mustBeNew(held, user.id)
        return { users: [...held.users, user] }
      })
    },
    async mustExist(id) {
      mustBe((await read())?.users ?? [], id)
    },
    async setPassword(id, password) {
      mustBe((await read())?.users ?? [], id)
      checkPassword(password, id)
      const hash = await hashPassword(password)
      await change(({ users }) => {
        mustBe(users, id)
        const changed = clock().toISOString()
        return { users: users.map((user) => (user.id === id ? { ...user, password: hash, changed } : user)) }
      })
    },
    async setGroups(id, groups) {
      const given = User.shape.groups.safeParse(groups)
      if (!given.success)
        throw new InputError(`groups: ${given.error.issues.map(({ message }) => message).join('; ')}.`)
      await change(({ users }) => {
        mustBe(users, id)
        return { users: users.map((user) => (user.id === id ? { ...user, groups: given.data } : user)) }
      })
    },
    async remove(id) {
      mustBe((await read())?.users ?? [], id)
      await change(({ users, removed }) => ({
        users: users.filter((user) => user.id !== id),
        removed: users.some((user) => user.id === id) ? [...removed, { id, at: clock().toISOString() }] : removed,
      }))
    },
  }
}

const personOf = ({ id, name, groups, records }: User): Person => ({
  id,
  name,
  groups: [...groups],
  ...(records && { records: [...records] }),
})

/** What tells one content of the file from another: a change gives the file a new inode. */
function markOf(file: string): string | undefined {
  try {
    const { ino, mtimeMs, size } = statSync(file)
    return `${ino} ${mtimeMs} ${size}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether it can be the id of a user at all. */
export const isUserId = (id: string): boolean => User.shape.id.safeParse(id).success

function parseUsers(text: string | undefined, file: string): Held {
  try {
    const { users, removed = [] } = UsersFile.parse(JSON.parse(text ?? ''))
    return { users, removed }
  } catch (cause) {
    throw new OperatorError(`The local users cannot be read from ${file}. Nobody can sign in until it is mended.`, {
      cause,
    })
  }
}
