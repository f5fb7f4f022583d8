import * as z from 'zod/mini'
import { nearest } from '../../shared/nearest'

/**
 * Those that fc3 knows, for what is said of a slip of the hand; one that is not here may be newer.
 * https://github.com/devsapp/fc3/blob/master/src/schema.json
 */
export const REGIONS = [
  ...['cn-qingdao', 'cn-beijing', 'cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu', 'cn-hangzhou', 'cn-shanghai'],
  ...['cn-shanghai-cloudspe', 'cn-shanghai-finance-1', 'cn-shenzhen', 'cn-heyuan-acdr-1', 'cn-chengdu', 'cn-hongkong'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'],
  ...['ap-southeast-5', 'ap-southeast-7', 'us-east-1', 'us-west-1', 'eu-central-1', 'eu-west-1', 'me-central-1'],
]

/** FC_REGION_ID: a region, and none that is nearly one that there is. */
export const region = z.string().check(
  z.regex(/^[a-z]{2}-[a-z0-9-]+$/, 'must be a region, such as cn-hangzhou'),
  z.check(({ value, issues }) => {
    const meant = REGIONS.includes(value) ? undefined : nearest(value, REGIONS)
    // of two numbers one may be newer
    if (meant === undefined || digits(meant) !== digits(value)) return
    issues.push({ code: 'custom', input: value, message: `is nearly a region: is ${meant} meant?` })
  }),
)

function digits(name: string): string {
  return name.replace(/\D/g, '')
}
