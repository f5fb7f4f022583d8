import { readEndpointForm } from '../../../../cli/provision/wantedState'
import { UserError } from '../../../../shared/userError'
import { target } from './states'

const body = { ResourceKey: 'Body', Form: 'ORIGINAL' }
const qualifier = { ResourceKey: 'Qualifier', Form: 'CONSTANT', Value: 'prod' }
const service = { ResourceKey: 'serviceName', Form: 'CONSTANT', Value: 'people' }
const functions = target('f', { Endpoint: 'acs:fc:cn-hangzhou:1:functions/f', ParamList: [qualifier, body] })
const services = target('f', {
  Endpoint: 'acs:fc:cn-hangzhou:1:services/people.prod/functions/f',
  ParamList: [service, qualifier, body],
})

test.each([
  ['as the file has it', undefined, functions, functions],
  ['functions/ to services/', 'services/people', functions, services],
  ['services/ to functions/', 'functions', services, functions],
  ['functions/ as it is', 'functions', functions, functions],
  [
    'another service',
    'services/people',
    { ...services, Endpoint: 'acs:fc:cn-hangzhou:1:services/x.y/functions/f' },
    services,
  ],
  [
    'no qualifier',
    'services/people',
    { ...functions, ParamList: [body] },
    { ...services, Endpoint: services.Endpoint?.replace('prod', 'LATEST'), ParamList: [service, body] },
  ],
])('%s', (_, option, from, to) => {
  expect(readEndpointForm(option)(from)).toEqual(to)
})

test('what is no function is left as it is', () => {
  const robot = target('robot', { Type: 'acs.dingtalk', Endpoint: 'acs.dingtalk' })
  expect(readEndpointForm('services/people')(robot)).toBe(robot)
})

test.each(['', 'services', 'services/', 'services/a/b', 'function', 'services/1a'])('%j is refused', (option) => {
  expect(() => readEndpointForm(option)).toThrow(UserError)
})
