import { createMapper, mapProject } from '../../../../cli/map/mapProject'
import { ROOT } from '../../../../cli/project'
import { readProjectFile } from '../../../../local/project/projectFiles'
import { readServerlessFile } from '../../../../local/project/serverlessFile'
import { shippedMappings } from '../../../support/mapping'

const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
const file = {
  bus: 'dingtalk',
  sources: [{ name: 'my.dingtalk' }],
  rules: [],
  connections: [],
  apiDestinations: [],
  filledIn: {},
  leftOut: [],
}
const mappingText = readProjectFile(ROOT, 'mapping.yaml')
const event = '{"syncAction":"user_add_org","userId":"1","mobile":"1"}'
const rule = (bus: string) => ({
  ...{ bus, rule: bus, enabled: true, pattern: '{}' },
  targets: [{ id: 't', endpoint: 'acs:fc:r:1:functions/dingtalk-employees', blocked: false }],
})

test('what the functions are deployed with is what counts', () => {
  const variables = { DROP_FIELDS: 'name', DINGTALK_CORP_ID: 'ding1', EVENT_SOURCE_NAME: 'other.dingtalk' }
  expect(mapProject(functions, variables, shippedMappings, file)).toMatchObject({
    source: { name: 'other.dingtalk', busName: 'dingtalk' },
    dropFields: ['name'],
    defaults: { DINGTALK_CORP_ID: 'ding1' },
  })
  const byDefault = mapProject(functions, { DROP_FIELDS: ' ' }, shippedMappings, file)
  expect([byDefault.dropFields, byDefault.aesKeys]).toEqual([expect.arrayContaining(['mobile']), []])
})

test('on the page: the rules of the bus, by the mapping that runs', () => {
  const map = createMapper(functions, {}, { mappings: shippedMappings, mappingText, file })
  const { notes, dropped, events } = map(event, [rule('dingtalk'), rule('other')])
  expect([notes, dropped]).toEqual([[], ['mobile']])
  expect(events).toMatchObject([{ rules: [{ rule: 'dingtalk' }], isBrought: true }])
})

test('a mapping.yaml that was edited since is said to be another', () => {
  const map = createMapper(functions, {}, { mappings: shippedMappings, mappingText: `${mappingText}#`, file })
  expect(map(event, []).notes).toEqual([expect.stringMatching(/^mapping\.yaml is another than the one that runs/)])
})
