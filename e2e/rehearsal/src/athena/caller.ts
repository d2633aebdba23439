/** An action and what it is to be done to, without the ARN's beginning: `['s3:GetObject', 'bucket/key']`. */
export type Permission = readonly [action: string, resource: string]

/** Who made a call, as far as permissions go. */
export interface Caller {
  /** Those of these that policies don't grant. */
  denied(permissions: readonly Permission[]): Promise<readonly Permission[]>
}

/** Someone who may do everything: the account's owner, or everybody where permissions are not enforced. */
export const everybody: Caller = { denied: async () => [] }
