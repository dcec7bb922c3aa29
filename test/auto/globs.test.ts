import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chosenFiles, pathOf } from '../../src/auto/chosen.ts'
import { globs } from '../../src/auto/globs.ts'

const test = suite('globs')

function assertChosen(patterns: string, paths: string): void {
  const all =
    'app.js src/a.ts src/b/c.js src/vendor/d.js lib/e.js node_modules/lodash/f.js src/node_modules/x/g.js ../up/h.js'.split(
      ' '
    )
  const matches = globs(patterns)
  assert.is(all.filter(matches).join(' '), paths, patterns)
}

test('choose paths', () => {
  assertChosen('**', 'app.js src/a.ts src/b/c.js src/vendor/d.js lib/e.js')
  assertChosen('src/**', 'src/a.ts src/b/c.js src/vendor/d.js')
  assertChosen('./src/*.ts', 'src/a.ts')
  assertChosen('src/**,!src/vendor/**', 'src/a.ts src/b/c.js')
  assertChosen('src/,!**/vendor/**', 'src/a.ts src/b/c.js')
  assertChosen('!src/**', 'app.js lib/e.js')
  assertChosen('{app,lib/?}.js , src/{a,b/c}.{ts,js}', 'app.js src/a.ts src/b/c.js lib/e.js')
  assertChosen('lodash', 'node_modules/lodash/f.js')
  assertChosen('src/**,lodash,!src/b/**', 'src/a.ts src/vendor/d.js node_modules/lodash/f.js')
  assertChosen('src/node_modules/**', 'src/node_modules/x/g.js')
  assertChosen('../up/**', '../up/h.js')
  assertChosen('*.js', 'app.js')
  assertChosen('a+(.js', '')
})

test('name modules by their path from the folder', () => {
  const moduleOf = chosenFiles('**,lodash', '/home/app', '/home/app/dist/')
  assert.is(moduleOf('/home/app/src/shop.ts'), 'src/shop')
  assert.is(moduleOf('/home/app/src/shop.d.ts'), undefined)
  assert.is(moduleOf('/home/shop.js'), undefined)
  assert.is(chosenFiles('../lib/**', '/home/app')('/home/lib/a.js'), '../lib/a')
  assert.is(moduleOf('/home/app/src/shop.json'), undefined)
  assert.is(moduleOf('/home/app/dist/index.js'), undefined)
  assert.is(moduleOf('/elsewhere/node_modules/lodash/map.js'), 'node_modules/lodash/map')
  assert.is(chosenFiles('**', 'C:\\app')('C:\\app\\src\\shop.mjs'), 'src/shop')
  assert.is(pathOf('file:///home/a%20b/c.js?query#hash'), '/home/a b/c.js')
  assert.is(pathOf('file:///C:/app/c.js'), 'C:/app/c.js')
  assert.is(pathOf('node:fs'), undefined)
})

test.run()
