import { beforeEach, describe, expect, it } from 'vitest'
import { refuseProposal, withdrawProposal } from '../../src/access/end-proposal.ts'
import { approveProposal, firstRules, proposeRules } from '../../src/access/proposals.ts'
import { sampleRules } from '../../src/access/sample-rules.ts'
import { sha256Hex } from '../../src/audit/canonical.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { decisionKey, proposalKey, rulesKey } from '../../src/layout.ts'
import { type TestLog, testLog } from './setting.ts'

const [officer, second] = [
  { id: 'officer', groups: ['records-management'] },
  { id: 'second', groups: ['approval'] },
]
let log: TestLog
let [approved, withdrawn, refused, open] = ['', '', '', '']

/** Two versions, and a proposal of each fate; the last act is not sealed yet. */
beforeEach(async () => {
  log = testLog()
  const { store, clock } = log
  const doing = { clock, audit: log.writer() }
  await firstRules(store, sampleRules, { ...doing, by: 'sample', reason: 'the first' })
  const propose = async (contact: string) =>
    (await proposeRules(store, { ...sampleRules, contact }, `because of ${contact}`, officer, doing)).id
  approved = await propose('ask A')
  await approveProposal(store, approved, second, doing)
  ;[withdrawn, refused, open] = [await propose('ask B'), await propose('ask C'), await propose('ask D')]
  await withdrawProposal(store, withdrawn, officer, doing)
  await log.seal()
  await refuseProposal(store, refused, 'not like this', second, doing)
})

const verified = () => verify({ store: log.store, publicKeys: [log.key], rules: true })
const files = () => log.store.files
const rewrite = (key: string, change: (text: string) => string) =>
  files().set(key, Buffer.from(change(files().get(key)?.toString() ?? '')))

describe('Holding the access rules against the log', () => {
  it('finds them as they were made', async () => {
    const report = await verified()
    expect(report).toMatchObject({ ok: true, rules: { versions: 2, proposals: 4, decisions: 3 } })
    expect(report.checked.join(' ')).toMatch(/2 versions of the access rules, 4 proposals and 3 decisions/)
    expect((await log.verify()).rules).toBeUndefined()
  })

  it.each<[string, () => [string, RegExp]]>([
    ['a decided proposal that was opened again', () => gone(decisionKey(refused))],
    ['a withdrawn one that was opened again', () => gone(decisionKey(withdrawn))],
    ['an approval that is gone', () => gone(decisionKey(approved))],
    ['a proposal that is gone', () => gone(proposalKey(open))],
    ['the newest version cut off', () => gone(rulesKey(2))],
    [
      'a refusal with another reason',
      () => changed(decisionKey(refused), (text) => text.replace('not like', 'just like')),
    ],
    [
      'a refusal turned into an approval',
      () => changed(decisionKey(refused), (text) => text.replace('refused', 'approved')),
    ],
    ['a decision that is no JSON', () => changed(decisionKey(refused), () => '{')],
    ['an approval by somebody else', () => changed(decisionKey(approved), (text) => text.replace('second', 'third'))],
    ['a proposal with another reason', () => changed(proposalKey(open), (text) => text.replace('because', 'though'))],
    [
      'a version with another reason, whatever its digest',
      () => changed(rulesKey(2), (text) => text.replace('ask A', 'ask E')),
    ],
  ])('finds %s, and names it', async (_, alter) => {
    const [file, message] = alter()
    expect((await verified()).wrong).toMatchObject({ file, message: expect.stringMatching(message) })
  })

  it('finds what the log tells of nobody to have put there: a forged proposal, a version, a decision', async () => {
    const forged = files().get(proposalKey(open))?.toString().replace('ask D', 'ask me') ?? ''
    const added = [
      proposalKey(sha256Hex(forged).slice(0, 32)),
      rulesKey(3),
      decisionKey(open),
      'access/rules/00000003.json.bak',
    ]
    for (const key of added) {
      files().set(key, Buffer.from(forged))
      expect((await verified()).wrong).toMatchObject({ file: key, message: expect.stringMatching(/it was added/) })
      files().delete(key)
    }
    expect((await verified()).ok).toBe(true)
  })

  it('goes by the opening where an act was broken off before its closing', async () => {
    const { store, clock } = log
    const audit = log.writer()
    const dying = { ...audit, close: () => Promise.reject(new Error('the process ends here')) }
    await expect(withdrawProposal(store, open, officer, { clock, audit: dying })).rejects.toThrow(/ends here/)
    expect(await verified()).toMatchObject({ ok: true, rules: { decisions: 3 } })
  })
})

function gone(key: string): [string, RegExp] {
  files().delete(key)
  return [key, /it is missing, although the log says/]
}
function changed(key: string, change: (text: string) => string): [string, RegExp] {
  rewrite(key, change)
  return [key, /it is not/]
}
