import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { detectEnvironment, detectTrace, detectVersion } from '../../src/stages/_environment.ts'
import { tag } from '../../src/stages/tag.ts'
import { runtimeName } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { stageContract, through } from './_contract.ts'

stageContract('tag', () => tag({ extra: { host: 'pi-3' } }))

const test = suite('stages/tag')

const env =
  (variables: Record<string, string>) =>
  (name: string): string | undefined =>
    variables[name]
const nowhere = { browser: 'browser', workerd: 'workers' }[runtimeName as string] ?? 'local'
const sha = 'a3f9c1d2e4b5a6978877665544332211deadbeef'

test('finds the environment', () => {
  const cases: [Record<string, string>, string][] = [
    [{}, nowhere],
    [{ NFO_ENV: 'prod', NODE_ENV: 'test' }, 'prod'],
    [{ NODE_ENV: ' staging ' }, 'staging'],
    [{ NFO_ENV: '', APP_ENV: 'qa' }, 'qa'],
    [{ ENV: '/root/.ashrc' }, nowhere],
    [{ ENV: 'dev', CI: '1' }, 'dev'],
    [{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'k8s'],
    [{ DOCKER_CONTAINER: '1' }, 'docker'],
    [{ CI: 'true', GITHUB_ACTIONS: 'true' }, 'github-actions'],
    [{ CI: 'true', GITLAB_CI: 'true', KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'gitlab-ci'],
    [{ AWS_LAMBDA_FUNCTION_NAME: 'pay' }, 'lambda'],
    [{ AWS_LAMBDA_FUNCTION_NAME: 'pay', VERCEL: '1' }, 'vercel'],
    [{ DENO_DEPLOYMENT_ID: 'x1' }, 'deno-deploy'],
    [{ FLY_APP_NAME: 'shop', HOSTNAME: '0123456789ab' }, 'fly']
  ]
  for (const [variables, expected] of cases) {
    assert.is(detectEnvironment(env(variables)), expected, JSON.stringify(variables))
  }
  if (runtimeName === 'workerd') return
  assert.is(detectEnvironment(env({ CI: 'true' })), 'ci')
  assert.is(detectEnvironment(env({ CI: 'false' })), nowhere)
  assert.is(detectEnvironment(env({ HOSTNAME: '0123456789ab' })), 'docker')
  assert.is(detectEnvironment(env({ HOSTNAME: 'ann-laptop' })), nowhere)
  assert.is(detectEnvironment(env({ container: 'podman', CI: 'true' })), 'docker')
})

test('finds the trace id and the version', () => {
  const traces: [Record<string, string>, string | undefined][] = [
    [{}, undefined],
    [{ X_REQUEST_ID: 'r-1' }, 'r-1'],
    [{ X_REQUEST_ID: 'r-1', TRACE_ID: 't-1' }, 't-1'],
    [{ TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }, '4bf92f3577b34da6a3ce929d0e0e4736'],
    [{ TRACEPARENT: 'nonsense' }, undefined]
  ]
  for (const [variables, expected] of traces) assert.is(detectTrace(env(variables)), expected)
  const versions: [Record<string, string>, string | undefined][] = [
    [{}, undefined],
    [{ npm_package_version: '1.2.3', GITHUB_SHA: sha }, '1.2.3'],
    [{ GITHUB_SHA: sha }, 'a3f9c1d2e4b5'],
    [{ APP_VERSION: '2026.11.23-rc.1+build.5' }, '2026.11.23-rc.1+build.5'],
    [{ GIT_COMMIT: 'a3f9c1d' }, 'a3f9c1d']
  ]
  for (const [variables, expected] of versions) assert.is(detectVersion(env(variables)), expected)
})

test('writes what an entry lacks and keeps what it has', () => {
  const stage = tag({ environment: 'prod', version: '2', traceId: 't', extra: { host: 'a', zone: 'b' } })
  const [bare, full] = through(stage, [
    entry(),
    entry({ environment: 'dev', version: '1', traceId: 'own', extra: { host: 'mine' } })
  ])
  assert.equal([bare.environment, bare.version, bare.traceId, bare.extra], ['prod', '2', 't', { host: 'a', zone: 'b' }])
  assert.equal([full.environment, full.version, full.traceId], ['dev', '1', 'own'])
  assert.equal(full.extra, { host: 'mine', zone: 'b' })
})

test("leaves out what is ''", () => {
  const [one] = through(tag({ environment: '', version: '', traceId: '' }), [entry()])
  assert.equal(one, entry())
})

test('makes up one trace id for the whole process', () => {
  const options = { environment: 'x', version: '1' }
  const [one, other] = through(tag(options), [entry(), entry()])
  const [third] = through(tag(options), [entry()])
  assert.ok(one.traceId)
  assert.is(one.traceId, other.traceId)
  assert.is(one.traceId, third.traceId)
})

test('takes no part in later changes of the options', () => {
  const extra: Record<string, unknown> = { host: 'a' }
  const stage = tag({ extra })
  extra.host = 'b'
  assert.is(through(stage, [entry()])[0].extra.host, 'a')
})

test('says what is wrong with an option', () => {
  assert.throws(() => tag({ environment: 5 as never }), '[nfo] [tag] environment is 5; use text')
  assert.throws(() => tag({ extra: null as never }), '[nfo] [tag] extra')
  assert.throws(() => tag({ enviroment: 'x' } as never), "did you mean 'environment'?")
})

test.run()
