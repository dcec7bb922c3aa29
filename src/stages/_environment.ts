import { runtime } from '../runtimes/generic.ts'

/** Reads a variable; undefined also where there is none to read. */
export type Environment = (name: string) => string | undefined

const NAMED = ['NFO_ENV', 'APP_ENV', 'ENVIRONMENT', 'NODE_ENV', 'DENO_ENV', 'ENV']

// A place that runs on another one comes first: Vercel runs on Lambda, GitLab's runners on Kubernetes.
const PLACES: readonly (readonly [variable: string, name: string])[] = [
  ['GITHUB_ACTIONS', 'github-actions'],
  ['GITLAB_CI', 'gitlab-ci'],
  ['VERCEL', 'vercel'],
  ['AWS_LAMBDA_FUNCTION_NAME', 'lambda'],
  ['DENO_DEPLOYMENT_ID', 'deno-deploy'],
  ['FLY_APP_NAME', 'fly'],
  ['KUBERNETES_SERVICE_HOST', 'k8s'],
  ['DOCKER_CONTAINER', 'docker'],
  ['CI', 'ci']
]

const TRACES = [
  'TRACE_ID',
  'X_TRACE_ID',
  'OTEL_TRACE_ID',
  'DD_TRACE_ID',
  'X_REQUEST_ID',
  'REQUEST_ID',
  'CORRELATION_ID'
]
const VERSIONS = ['NFO_VERSION', 'APP_VERSION', 'VERSION', 'npm_package_version']
const COMMITS = ['GIT_SHA', 'GIT_COMMIT', 'GITHUB_SHA', 'CI_COMMIT_SHA', 'VERCEL_GIT_COMMIT_SHA', 'COMMIT_SHA']

/** The variables of this process. Reading may be forbidden, or throw: then there are none. */
export const processEnvironment: Environment = (name) => {
  try {
    return runtime.env(name)
  } catch {
    return undefined
  }
}

const first = (env: Environment, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = env(name)?.trim()
    if (value) return value
  }
}

/** Where this runs: what it was told, or the name of the place. */
export function detectEnvironment(env: Environment): string {
  const isSet = (name: string) => !['', '0', 'false'].includes(env(name)?.trim().toLowerCase() ?? '')
  // POSIX shells keep the path of a script in ENV.
  const named = first((name) => (env(name)?.includes('/') ? undefined : env(name)), NAMED)
  if (named) return named
  const place = PLACES.find(([variable]) => isSet(variable))?.[1]
  if (place && place !== 'ci') return place
  if (runtime.name === 'workerd') return 'workers'
  // Podman and others say so; Docker names the host after the container, unless it was told a name.
  if (isSet('container') || /^[\da-f]{12}$/.test(env('HOSTNAME') ?? '')) return 'docker'
  return place ?? (runtime.name === 'browser' ? 'browser' : 'local')
}

/** A trace id that whoever started this process handed in. */
export function detectTrace(env: Environment): string | undefined {
  return first(env, TRACES) ?? /^[\da-f]{2}-([\da-f]{32})-/.exec(env('TRACEPARENT') ?? '')?.[1]
}

/** The version, or the first 12 digits of the commit. */
export function detectVersion(env: Environment): string | undefined {
  return first(env, [...VERSIONS, ...COMMITS])?.replace(/^([\da-f]{12})[\da-f]{28,}$/i, '$1')
}
