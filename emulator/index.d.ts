export * from './dist/main'
