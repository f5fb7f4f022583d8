import type { Environment } from '../../shared/config'

/**
 * The account and its key, under the names of .env.example, which are those that `s` reads. The names of Alibaba Cloud's
 * other tools go first. What is empty is not set.
 */
export function readAccount(environment: Environment) {
  return {
    AccountID: environment['FC_ACCOUNT_ID'] || environment['AccountID'],
    AccessKeyID: environment['ALIBABA_CLOUD_ACCESS_KEY_ID'] || environment['AccessKeyID'],
    AccessKeySecret: environment['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] || environment['AccessKeySecret'],
  }
}
