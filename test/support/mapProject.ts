import type { MapProject } from '../../cli/map/mapEvent'
import { DROPPED_BY_DEFAULT } from '../../shared/dropFields/variable'
import { callbackKeys } from './callback'
import { shippedMappings } from './mapping'

/** The project as it is shipped, with keys for callbacks. */
export function testProject(changes: Partial<MapProject> = {}): MapProject {
  return {
    mappings: shippedMappings,
    source: { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' },
    dropFields: DROPPED_BY_DEFAULT.split(','),
    aesKeys: [callbackKeys.aesKey],
    defaults: { DINGTALK_CORP_ID: 'dingcorp' },
    ...changes,
  }
}
