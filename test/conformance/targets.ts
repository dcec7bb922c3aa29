export class Point {
  static readonly origin: string = 'zero'
  #secret: number
  target: unknown
  sum: number
  constructor(x: number, y = 1) {
    this.#secret = x
    this.target = new.target
    this.sum = x + y
  }
  static knows(value: object): boolean {
    return #secret in value
  }
  reveal(): number {
    return this.#secret
  }
}

export function Legacy(this: { made: number; target: unknown }, made: number): void {
  this.made = made
  this.target = new.target
}

export type LegacyClass = new (made: number) => { made: number; target: unknown }
