/** What went wrong, and what the API answers then. */
export class ShopError extends Error {
  readonly status: 401 | 404 | 409

  constructor(status: 401 | 404 | 409, message: string) {
    super(message)
    this.name = 'ShopError'
    this.status = status
  }
}
