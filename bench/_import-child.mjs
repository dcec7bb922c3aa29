import process from 'node:process'

const { entry } = JSON.parse(process.argv[2])
const start = performance.now()
await import(entry)
console.log(JSON.stringify({ ms: performance.now() - start }))
process.exit(0)
