import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError, OperatorError } from '../errors.ts'
import { changePrivate, readPrivate } from '../private-files.ts'
import { codeOf } from '../store/file-errors.ts'
import { checkPassword, hashPassword, isPassword, PasswordHash } from './passwords.ts'
import type { Person } from './port.ts'

const User = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, 'lower case letters, digits and . _ @ -')
    // That is how this machine's account is called where the command line acts without a token.
    .refine((id) => id !== 'local', 'choose another than local'),
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
const UsersFile = z.strictObject({ format: z.literal(1), users: z.array(User) })
type User = z.infer<typeof User>

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
  /** Throws InputError where something given cannot be used, or the id is taken. */
  add(person: Person, password: string): Promise<void>
  setPassword(id: string, password: string): Promise<void>
  remove(id: string): Promise<void>
}

/** The local users of the embedded setting, in `users.json` below the data folder's `secrets`. Changes count at once, also in a server. */
export function localUsers(secrets: string, clock: () => Date = () => new Date()): Users {
  const file = usersFile(secrets)
  let held: { mark: string; users: User[] } | undefined

  async function read(): Promise<User[] | undefined> {
    const mark = await markOf(file)
    if (mark === undefined) return undefined
    if (held?.mark !== mark) held = { mark, users: parseUsers((await readPrivate(file))?.toString('utf8'), file) }
    return held.users
  }

  const change = (act: (users: User[]) => User[]) =>
    changePrivate(file, (text) => {
      const users = act(text === undefined ? [] : parseUsers(text, file))
      return `${JSON.stringify({ format: 1, users }, undefined, 2)}\n`
    })

  const mustBe = (users: User[], id: string): void => {
    if (!users.some((user) => user.id === id)) throw new InputError(`There is no user ${id}.`)
  }

  return {
    configured: async () => (await read()) !== undefined,
    list: async () => ((await read()) ?? []).map(personOf),
    async find(id) {
      const user = (await read())?.find((one) => one.id === id)
      return user && personOf(user)
    },
    async check(id, password) {
      const user = (await read())?.find((one) => one.id === id)
      return (await isPassword(password, user?.password)) && user ? personOf(user) : undefined
    },
    async add(person, password) {
      const given = User.omit({ password: true, changed: true }).safeParse(person)
      if (!given.success) {
        const sentences = given.error.issues.map(({ path, message }) => `${String(path[0] ?? 'user')}: ${message}`)
        throw new InputError(`${sentences.join('; ')}.`)
      }
      checkPassword(password, person.id)
      const user: User = { ...given.data, password: await hashPassword(password), changed: clock().toISOString() }
      await change((users) => {
        if (users.some(({ id }) => id === user.id)) throw new InputError(`There is a user ${user.id} already.`)
        return [...users, user]
      })
    },
    async setPassword(id, password) {
      mustBe((await read()) ?? [], id)
      checkPassword(password, id)
      const hash = await hashPassword(password)
      await change((users) => {
        mustBe(users, id)
        const changed = clock().toISOString()
        return users.map((user) => (user.id === id ? { ...user, password: hash, changed } : user))
      })
    },
    async remove(id) {
      mustBe((await read()) ?? [], id)
      await change((users) => users.filter((user) => user.id !== id))
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
async function markOf(file: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(file)
    return `${ino} ${mtimeMs} ${size}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function parseUsers(text: string | undefined, file: string): User[] {
  try {
    return UsersFile.parse(JSON.parse(text ?? '')).users
  } catch (cause) {
    throw new OperatorError(`The local users cannot be read from ${file}. Nobody can sign in until it is mended.`, {
      cause,
    })
  }
}
