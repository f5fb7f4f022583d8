/** An account that exists nowhere but here; its keys are published, and no secret. */
export const LOCAL = {
  accountId: '123456789012',
  region: 'cn-hangzhou',
  accessKeyId: 'local',
  accessKeySecret: 'local-is-not-a-secret',
} as const

export interface Place {
  region: string
  accountId: string
}
