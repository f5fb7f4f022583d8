import { render } from 'preact'
import { App } from './App'

const root = document.getElementById('page')
if (root !== null) {
  const { webhookUrl = '', directoryUrl = '', robotUrl = '', organisationUrl = '', hasPeople } = root.dataset
  // a path alone is on the page's own origin
  const urls = { webhookUrl: new URL(webhookUrl, location.origin).href, directoryUrl, robotUrl, organisationUrl }
  render(<App {...urls} hasPeople={hasPeople === 'true'} />, root)
}
