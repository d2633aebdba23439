import { describe, expect, it } from 'vitest'
import { statementsOf } from './support/policies.ts'
import { type Found, synthesiseDemo, text } from './support/synthesised.ts'

const { resources, ofType } = await synthesiseDemo()
const buckets = ofType('AWS::S3::Bucket')
const bucket = (id: string): Found => {
  const found = buckets.find((one) => one.id.startsWith(id))
  if (!found) throw new Error(`There is no bucket ${id}.`)
  return found
}

interface Rule {
  Id: string
  Prefix?: string
  Status: string
  ExpirationInDays?: number
  NoncurrentVersionExpiration?: { NoncurrentDays: number }
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number }
  Transitions?: { StorageClass: string }[]
}
interface Encryption {
  ServerSideEncryptionConfiguration: {
    ServerSideEncryptionByDefault: { SSEAlgorithm: string; KMSMasterKeyID?: unknown }
  }[]
}
const rulesOf = ({ Properties }: Found) =>
  (Properties.LifecycleConfiguration as { Rules: Rule[] } | undefined)?.Rules ?? []

describe('what holds records, keys, logs or people', () => {
  const lasting = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::Cognito::UserPool']

  it.each(lasting)('stays when its stack goes, and when it would be replaced: %s', (type) => {
    const found = ofType(type)
    expect(found.length).toBeGreaterThan(0)
    for (const { id, DeletionPolicy, UpdateReplacePolicy } of found)
      expect({ id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        id,
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      })
  })

  it('is emptied by nothing: there is no custom resource at all', () => {
    expect(resources.filter(({ Type }) => /^(Custom::|AWS::CloudFormation::CustomResource)/.test(Type))).toEqual([])
  })
})

describe('every bucket', () => {
  it('is out of reach of the public', () => {
    expect(buckets.length).toBe(5)
    for (const { Properties } of buckets) {
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
      expect(Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
    }
  })

  it('refuses whoever comes without TLS, or with an old one', () => {
    const refusals = statementsOf(ofType('AWS::S3::BucketPolicy')).filter(({ effect }) => effect === 'Deny')
    for (const { id } of buckets) {
      const own = refusals.filter(({ of }) => text(of.Properties.Bucket) === `\${${id}}`)
      const conditions = own.filter(({ actions }) => actions.join() === 's3:*').map((one) => one.conditions)
      expect(conditions).toContainEqual({ Bool: { 'aws:SecureTransport': 'false' } })
      expect(conditions).toContainEqual({ NumericLessThan: { 's3:TlsVersion': 1.2 } })
    }
  })

  it('aborts abandoned uploads after a day', () => {
    for (const one of buckets)
      expect(rulesOf(one).map((rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation)).toContain(1)
  })

  it('is encrypted, records and keys with keys of their own, which only their bucket uses', () => {
    const keyOf = ({ Properties }: Found) => {
      const encryption = Properties.BucketEncryption as Encryption | undefined
      const first = encryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault
      return text(first?.KMSMasterKeyID ?? first?.SSEAlgorithm)
    }
    expect(keyOf(bucket('StorageArchive'))).toContain('StorageDataKey')
    expect(keyOf(bucket('StorageSecrets'))).toContain('StorageSecretsKey')
    for (const id of ['StorageAccessLogs', 'Witness', 'SiteFiles']) expect(keyOf(bucket(id))).toBe('AES256')
  })

  it.each(['StorageArchive', 'StorageSecrets'])('takes no object of %s that is encrypted otherwise', (id) => {
    const policies = statementsOf(ofType('AWS::S3::BucketPolicy'))
    const refusal = policies.find(
      ({ of, conditions }) => of.id.startsWith(id) && JSON.stringify(conditions).includes('server-side-encryption'),
    )
    expect(refusal).toMatchObject({ effect: 'Deny', actions: ['s3:PutObject'] })
  })
})

describe('lifecycle rules of the archive', () => {
  const rules = rulesOf(bucket('StorageArchive'))

  it('end results after a day, older versions of them too', () => {
    expect(rules).toContainEqual(
      expect.objectContaining({
        Prefix: 'results/',
        Status: 'Enabled',
        ExpirationInDays: 1,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    )
  })

  it('end nothing else, and no older version of a record or of an entry of the log', () => {
    const ending = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)
    expect(ending.map(({ Prefix }) => Prefix)).toEqual(['results/'])
    const forgetting = rules.filter((rule) => rule.NoncurrentVersionExpiration)
    for (const { Prefix = '' } of forgetting) {
      expect(Prefix).not.toBe('')
      for (const kept of [
        'archive/pas/claims/claims/part-1.parquet',
        'audit/20261105-x/0000000001.json',
        'loads/pas/1/seal',
      ])
        expect(kept.startsWith(Prefix)).toBe(false)
    }
  })

  it('move nothing unless it is asked for', () => {
    expect(rules.filter(({ Transitions }) => Transitions)).toEqual([])
  })
})

describe('keys of the log', () => {
  it('lie in a bucket without versions, so that forgetting one is final', () => {
    expect(bucket('StorageSecrets').Properties.VersioningConfiguration).toBeUndefined()
    expect(rulesOf(bucket('StorageSecrets')).map(({ Id }) => Id)).toEqual(['abandoned-uploads'])
  })

  it.each(['StorageSecrets', 'Witness'])('are never written over: %s takes what says that it creates', (id) => {
    const policies = statementsOf(ofType('AWS::S3::BucketPolicy'))
    const refusal = policies.find(
      ({ of, conditions }) => of.id.startsWith(id) && JSON.stringify(conditions).includes('if-none-match'),
    )
    expect(refusal).toMatchObject({
      effect: 'Deny',
      actions: ['s3:PutObject'],
      principal: { AWS: '*' },
      conditions: { Null: { 's3:if-none-match': 'true' } },
    })
  })

  it('sign by Ed25519 and never leave KMS; the others turn every year', () => {
    const keys = ofType('AWS::KMS::Key').map(({ id, Properties }) => ({ id: id.slice(0, -8), ...Properties }))
    expect(keys.map(({ id }) => id).sort()).toEqual(['StorageDataKey', 'StorageSecretsKey', 'StorageSigningKey'])
    for (const key of keys)
      expect(key).toMatchObject(
        key.id === 'StorageSigningKey'
          ? { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }
          : { EnableKeyRotation: true },
      )
  })

  it('have a witness that nobody can empty before its time', () => {
    expect(bucket('Witness').Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
      VersioningConfiguration: { Status: 'Enabled' },
    })
  })

  it('and records have no lock, because they may have to be erased', () => {
    expect(bucket('StorageArchive').Properties).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } })
    expect(bucket('StorageArchive').Properties).not.toHaveProperty('ObjectLockEnabled')
  })
})
