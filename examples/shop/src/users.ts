import { randomUUID } from 'node:crypto'
import { ShopError } from './errors.ts'

export interface Credentials {
  email: string
  password: string
}

export interface Session {
  email: string
  token: string
}

const sessions = new Map<string, string>()

export async function signIn({ email, password }: Credentials): Promise<Session> {
  await null
  if (!isRight(password)) throw new ShopError(401, 'wrong password')
  const token = randomUUID()
  sessions.set(token, email)
  return { email, token }
}

/** Any long one will do here. */
export function isRight(password: string): boolean {
  return password.length >= 12
}

export function userFrom(headers: Headers): string {
  const token = headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const email = sessions.get(token)
  if (!email) throw new ShopError(401, 'sign in first')
  return email.replace(/@.*/, '')
}
