import { join } from 'node:path'
import { openHome } from '@muniment/archive/home'
import { localUsers, type Users } from '@muniment/archive/identity/users'
import { commandActor, withAudit } from '../logged.ts'
import { printTable } from '../print-table.ts'
import { readPassword } from '../read-password.ts'
import { readSettings } from '../settings.ts'

interface PasswordOptions {
  passwordStdin?: boolean
}

interface UserOptions extends PasswordOptions {
  name: string
  groups: string
  /** `application:table:key` each. */
  record: string[]
}

export async function addUser(id: string, options: UserOptions): Promise<void> {
  await withUsers(async (users, logged) => {
    const groups = options.groups.split(',').flatMap((group) => group.trim() || [])
    const isFirst = !(await users.configured())
    const password = await readPassword(options.passwordStdin)
    const person = { id, name: options.name, groups, ...(options.record.length > 0 && { records: options.record }) }
    // What is logged stays: nothing that only was typed.
    await users.checkNew(person, password)
    await logged({ user: id, change: 'added', groups }, () => users.add(person, password))
    console.log(`${id} may sign in.${isFirst ? ' The sample people are gone.' : ''}`)
  })
}

export async function listUsers({ json }: { json?: boolean }): Promise<void> {
  await withUsers(async (users) => {
    const list = await users.list()
    if (json) console.log(JSON.stringify({ users: list }))
    else printTable(list.map(({ id, name, groups }) => ({ id, name, groups: groups.join(', ') })))
  })
}

export async function changePassword(id: string, options: PasswordOptions): Promise<void> {
  await withUsers(async (users, logged) => {
    await users.mustExist(id)
    const password = await readPassword(options.passwordStdin)
    await logged({ user: id, change: 'password' }, () => users.setPassword(id, password))
    console.log(`${id} has another password. Sessions that were begun with the old one go on until they end.`)
  })
}

export async function changeGroups(id: string, options: { groups: string }): Promise<void> {
  await withUsers(async (users, logged) => {
    const groups = options.groups.split(',').flatMap((group) => group.trim() || [])
    await users.mustExist(id)
    await logged({ user: id, change: 'groups', groups }, () => users.setGroups(id, groups))
    console.log(`${id} is in ${groups.join(', ')}. That counts from the next request on.`)
  })
}

export async function removeUser(id: string): Promise<void> {
  await withUsers(async (users, logged) => {
    await users.mustExist(id)
    await logged({ user: id, change: 'removed' }, () => users.remove(id))
    console.log(`${id} may no longer sign in, and is signed out. The id is given to nobody again.`)
  })
}

type Logged = (subject: Record<string, string | string[]>, act: () => Promise<unknown>) => Promise<void>

async function withUsers(act: (users: Users, logged: Logged) => Promise<void>): Promise<void> {
  const home = await openHome(readSettings().home, { mode: 'client' })
  try {
    await act(localUsers(join(home.path, 'secrets')), (subject, change) =>
      withAudit(home, async (audit) => {
        const entry = await audit.open({ action: 'users-change', actor: await commandActor(), subject })
        try {
          await change()
        } catch (error) {
          await audit.close(entry, { outcome: 'failed' })
          throw error
        }
        await audit.close(entry, { outcome: 'done' })
      }),
    )
  } finally {
    await home.close()
  }
}
