import * as z from 'zod/mini'
import { ConfigError, type Environment, parseConfig, setVariables } from '../../shared/config'
import { dingtalkVariables } from '../../shared/dingtalk/directory/variables'
import { UserError } from '../../shared/userError'
import { localSettings, stackEnvironment } from '../localStack'
import type { StreamApp } from './register'

const { DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_API_ENDPOINT } = dingtalkVariables(1)
const schema = z.object({ DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_API_ENDPOINT })

/**
 * Whose events are received: the app that the shell names, else that of the running stack, else that of .env.local.
 * @throws UserError that names what is missing
 */
export function streamApp(shell: Environment, projectDir?: string): StreamApp {
  const namesApp = setVariables(shell)['DINGTALK_APP_KEY'] !== undefined
  // a loopback DingTalk's secret and address are for no other app
  const environment = namesApp ? localSettings(projectDir, shell).environment : stackEnvironment(projectDir, shell)
  const set = setVariables(environment)
  const missing = ['DINGTALK_APP_KEY', 'DINGTALK_APP_SECRET'].filter((name) => set[name] === undefined)
  if (missing.length > 0) {
    throw new UserError(
      `Set ${missing.join(' and ')} in the shell or in .env.local: Client ID and Client Secret of an app for tests (https://open-dev.dingtalk.com/, 凭证与基础信息), which takes its events by Stream (开发配置 → 事件订阅 → Stream 模式推送). Or have an invented organisation: npm start -- --dingtalk`,
    )
  }
  try {
    const config = parseConfig(schema, environment)
    return {
      appKey: config.DINGTALK_APP_KEY,
      appSecret: config.DINGTALK_APP_SECRET,
      endpoint: config.DINGTALK_API_ENDPOINT,
    }
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error
  }
}
