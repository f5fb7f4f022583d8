import type { EventBridgeFile } from '../../../emulator/config/readEventBridgeFile'
import { unknownFunctions } from '../../../local/project/serverlessFile'

const place = { region: 'cn-hangzhou', accountId: '1' }
const functionAt = (Endpoint: string) => ({ Id: 't', Type: 'acs.fc.function' as const, Endpoint, ParamList: [] })

test.each<[string, EventBridgeFile['rules'][number]['targets'][number], string[]]>([
  ['a function of s.yaml', functionAt('acs:fc:cn-hangzhou:1:functions/f'), []],
  ['the same in a service', functionAt('acs:fc:cn-hangzhou:1:services/s.LATEST/functions/f'), []],
  [
    'a slip of the pen',
    functionAt('acs:fc:cn-hangzhou:1:functions/ff'),
    ['target t of rule r is the function ff, which s.yaml does not have'],
  ],
  ['a function of another account', functionAt('acs:fc:cn-hangzhou:2:functions/ff'), []],
  ['a function of another region', functionAt('acs:fc:cn-beijing:1:functions/ff'), []],
  ['no function', { Id: 't', Type: 'http', Endpoint: 'http://127.0.0.1/functions/ff', ParamList: [] }, []],
])('%s', (_, target, sentences) => {
  const rule = { name: 'r', enabled: true, filterPattern: '{}', targets: [target] }
  expect(unknownFunctions([rule], ['f'], place)).toEqual(sentences)
})
