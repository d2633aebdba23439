import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localUsers, usersFile } from '../../src/identity/users.ts'

const password = 'correct horse battery'
const ada = { id: 'ada', name: 'Ada Byron', groups: ['claims', 'approval'] }
let secrets: string

beforeEach(async () => {
  secrets = join(await mkdtemp(join(tmpdir(), 'muniment-users-')), 'secrets')
})
afterEach(() => rm(join(secrets, '..'), { recursive: true, force: true }))

describe('The file of local users', () => {
  it('is for its user alone and holds no password', async () => {
    await localUsers(secrets).add(ada, password)
    expect((await stat(usersFile(secrets))).mode & 0o777).toBe(0o600)
    expect((await stat(secrets)).mode & 0o777).toBe(0o700)
    expect(await readFile(usersFile(secrets), 'utf8')).not.toContain('horse')
  })

  it('is read anew when another process changed it', async () => {
    const [server, command] = [localUsers(secrets), localUsers(secrets)]
    expect(await server.configured()).toBe(false)
    await command.add(ada, password)
    expect(await server.find('ada')).toEqual(ada)
    expect(await server.check('ada', password)).toEqual(ada)
    await command.setPassword('ada', 'another good phrase')
    expect(await server.check('ada', password)).toBeUndefined()
    await command.remove('ada')
    expect(await server.find('ada')).toBeUndefined()
    expect(await server.configured()).toBe(true)
  })

  it('knows which records are about somebody, and refuses what names none', async () => {
    const users = localUsers(secrets)
    const records = ['pas:parties:P10000019', 'pas:addresses:P10000019,1']
    await users.add({ ...ada, records }, password)
    expect(await users.find('ada')).toEqual({ ...ada, records })
    await expect(users.add({ ...ada, id: 'bob', records: ['P10000019'] }, password)).rejects.toThrow('pas:parties:')
  })

  it('gives an id that was removed to nobody again', async () => {
    const users = localUsers(secrets)
    await users.add(ada, password)
    await users.remove('ada')
    await expect(users.checkNew(ada, password)).rejects.toThrow('given to nobody again')
    await expect(localUsers(secrets).add(ada, password)).rejects.toThrow('given to nobody again')
    expect(await users.find('ada')).toBeUndefined()
    await users.add({ ...ada, id: 'ada2' }, password)
    expect((await users.list()).map(({ id }) => id)).toEqual(['ada2'])
  })

  it('loses none of several that are added at once', async () => {
    const ids = ['a1', 'a2', 'a3', 'a4']
    await Promise.all(ids.map((id) => localUsers(secrets).add({ ...ada, id }, password)))
    expect((await localUsers(secrets).list()).map(({ id }) => id).sort()).toEqual(ids)
  })

  it('that is damaged lets nobody in, and says where it is', async () => {
    const users = localUsers(secrets)
    await users.add(ada, password)
    await writeFile(usersFile(secrets), '{')
    await expect(users.check('ada', password)).rejects.toThrow(usersFile(secrets))
    await expect(users.configured()).rejects.toThrow('cannot be read')
  })

  it.each([
    ['a short password', ada, 'short', '12 or more'],
    ['a password of few characters', ada, 'aaaaaaaabbbbbbbb', 'repeats'],
    ['a password with the id in it', ada, 'xx-ADA-yy-zz-qq', 'user id'],
    ['a password that is tried first', ada, 'Password-of-2026', 'tried first'],
    ['an id with blanks', { ...ada, id: 'a da' }, password, 'lower case'],
    ['an id that leads out of a folder', { ...ada, id: '../ada' }, password, 'lower case'],
    ['the id of the machine itself', { ...ada, id: 'local' }, password, 'another than local'],
    ['what the log calls nobody', { ...ada, id: 'nobody' }, password, 'no person'],
    ['what the log calls the server', { ...ada, id: 'server' }, password, 'no person'],
    ['who put the first rules in force', { ...ada, id: 'sample' }, password, 'no person'],
    ['a person of the demonstration', { ...ada, id: 'mira.kovacs' }, password, 'demonstration'],
    ['no group', { ...ada, groups: [] }, password, 'groups'],
    ['a name that steers a terminal', { ...ada, name: 'A\u001b[2J' }, password, 'control'],
  ])('refuses %s', async (_, person, given, sentence) => {
    const users = localUsers(secrets)
    await expect(users.checkNew(person, given)).rejects.toThrow(sentence)
    await expect(users.add(person, given)).rejects.toThrow(sentence)
    expect(await users.configured()).toBe(false)
  })

  it('refuses an id that is taken, and changes nobody who is not there', async () => {
    const users = localUsers(secrets)
    await users.add(ada, password)
    await expect(users.add(ada, password)).rejects.toThrow('already')
    await expect(users.setPassword('bob', password)).rejects.toThrow('no user bob')
    await expect(users.remove('bob')).rejects.toThrow('no user bob')
    await expect(users.mustExist('Erika Mustermann')).rejects.toThrow('There is no such user.')
  })
})
