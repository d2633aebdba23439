import { setTimeout as sleep } from 'node:timers/promises'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { AuditVerification } from '../contract.ts'
import type { Verification } from './verification.ts'

/** A function that was not called for long takes a second or two. */
const beginsWithinMs = 8_000
const lookEveryMs = 250

const key = 'verifications/audit.json'

/** What a process of its own found when it last checked the log. `begin` asks it to check now. */
export function createStoredVerification(
  store: ObjectStore,
  begin: () => Promise<void>,
  withinMs = beginsWithinMs,
): Verification {
  return {
    async state() {
      const found = (await store.get(key))?.body.toString('utf8')
      return found === undefined
        ? { state: 'never', sentences: ['The log was not checked yet.'], findings: [] }
        : AuditVerification.parse(JSON.parse(found))
    },
    /** Until it says that it is at work: who asks then what there is, is not told of the time before. */
    async now() {
      const before = (await store.head(key))?.etag
      await begin()
      const until = Date.now() + withinMs
      while ((await store.head(key))?.etag === before && Date.now() < until) await sleep(lookEveryMs)
    },
  }
}

/** For that process: the newest outcome stands. */
export async function storeVerification(store: ObjectStore, outcome: AuditVerification): Promise<void> {
  const body = JSON.stringify(outcome)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const before = await store.head(key)
    try {
      if (before) await store.replace(key, body, before.etag)
      else await store.create(key, body)
      return
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
  }
}
