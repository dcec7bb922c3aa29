import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isSecretName, redactPairs, secretNames } from '../../src/core/redact.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import { lab } from './_lab.ts'

const test = suite('core/redact names')

const words = (text: string): string[] => text.trim().split(/\s+/)

const secret = words(`
  password Password PASSWORD passwd pwd dbPassword db_password db-password DB_PASSWORD passwordHash newPassword2 _password
  passphrase passcode secret clientSecret client_secret SECRET_KEY token accessToken access_token refresh-token AUTH_TOKEN
  apiToken jwt bearer credential credentials awsCredentials apiKey api_key api-key X-Api-Key apikey APIKey privateKey
  private_key signingKey encryption-key accessKey access_key_id authorization Authorization Proxy-Authorization auth
  cookie Cookie set-cookie Set-Cookie cookies sessionId session_id otp pin cvv cvc ssn iban cardNumber card_number
  signature dsn SENTRY_DSN userSSN XMLToken passwords secrets apiTokens`)

const harmless = words(`
  author authors authority passenger passengers compass bypass secretary secretariat tokenize tokenizer maxTokens
  max_tokens pinned spin shopping opinion key keys keyboard monkey primaryKey publicKey session sessions
  cookiecutter design assignment signatureless passage desn adsn crypto user id name value data header
  headers constructor toString __proto__ description`)

test('secret names are told in every spelling', () => {
  assert.equal(
    secret.filter((name) => !isSecretName(name)),
    []
  )
})

test('names that only look like it stay', () => {
  const taken = harmless.filter((name) => isSecretName(name))
  assert.equal(taken, [])
})

test('own names are told in every spelling, and are whole words', () => {
  const own = secretNames(['tenantId', 'x-internal', 'PLAIN'])
  for (const name of [
    'tenantId',
    'tenant_id',
    'tenant-id',
    'TENANT_ID',
    'TenantId',
    'xInternal',
    'X-Internal',
    'plain'
  ]) {
    assert.ok(isSecretName(name, own), name)
  }
  for (const name of ['tenant', 'id', 'tenantIds', 'internal', 'explain']) assert.not(isSecretName(name, own), name)
})

test('they are left out as properties and parameters, and the others are not', () => {
  const { logger, fresh } = lab()
  const take = logger.wrap((value: Record<string, number>) => value, 'take')
  for (const name of secret) {
    take({ [name]: 1, other: 2 })
    const [{ args }] = fresh()
    assert.equal(args, [{ [name]: new Snapshot('redacted', ''), other: 2 }], name)
    logger.wrap((_first: number, _second: number) => {}, { name: 'named', params: ['first', name] })(1, 2)
    assert.equal(fresh()[0].args, [1, new Snapshot('redacted', '')], name)
  }
  for (const name of ['author', 'passenger', 'secretary', 'tokenize', 'maxTokens', '__proto__']) {
    const value = Object.fromEntries([[name, 1]])
    take(value)
    assert.equal(Object.entries(fresh()[0].args[0] as object), Object.entries(value))
  }
})

test('in a text, whatever stands between name and value', () => {
  const hidden = [
    ['password=x1', 'password=[REDACTED]'],
    ['a=1&token=x1&b=2', 'a=1&token=[REDACTED]&b=2'],
    ['{"password":"x1","b":2}', '{"password":[REDACTED],"b":2}'],
    ["{ 'api_key' : 'x1' }", "{ 'api_key' : [REDACTED] }"],
    ['Authorization: Bearer x1x1', 'Authorization: [REDACTED]'],
    ['password: "x1 \\" x1", next', 'password: [REDACTED], next'],
    ['secret="x1', 'secret=[REDACTED]'],
    ['password="a token=x1 b" c', 'password=[REDACTED] c'],
    ['failed: token=x1', 'failed: token=[REDACTED]'],
    ['a: b: pin: x1, c', 'a: b: pin: [REDACTED], c'],
    ['{"keys":1,"credentials":{"a":"x1"},"b":2}', '{"keys":1,"credentials":[REDACTED],"b":2}'],
    ['{\\"token\\":\\"x1\\",\\"b\\":2}', '{\\"token\\":[REDACTED],\\"b\\":2}']
  ]
  for (const [text, expected] of hidden) assert.is(redactPairs(text), expected)
  for (const text of [
    'a=1',
    'author=me',
    'x: y',
    'passenger: 3',
    'token',
    'password',
    'https://example.org:80/a?b=c'
  ]) {
    assert.is(redactPairs(text), text)
  }
  assert.is(redactPairs('tenant=x1', secretNames(['tenant'])), 'tenant=[REDACTED]')
})

test.run()
