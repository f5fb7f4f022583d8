import { render } from 'preact'
import { App } from './App'

const root = document.getElementById('page')
if (root !== null) {
  const { webhookUrl = '', directoryUrl = '', robotUrl = '', organisationUrl = '', hasPeople } = root.dataset
  const urls = { webhookUrl, directoryUrl, robotUrl, organisationUrl }
  render(<App {...urls} hasPeople={hasPeople === 'true'} />, root)
}
