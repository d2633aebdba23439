import { secretsOf } from '@muniment/api/sign-in/open'
import { localUsers } from '@muniment/archive/identity/users'
import type { Embedded } from './embedded.ts'

/** The sample people's setting: no other provider is named, and no local users are there. */
export async function demonstrates({ settings, home }: Pick<Embedded, 'settings' | 'home'>): Promise<boolean> {
  return settings.signIn.issuer === undefined && !(await localUsers(secretsOf(home)).configured())
}
