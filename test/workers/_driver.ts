interface Env {
  APP: { fetch(request: Request): Promise<Response> }
}

/** Sends one request on, or many at once: `/many/ROUTE/FROM/COUNT` asks for `/ROUTE/job-N` each. */
export const driver = {
  async fetch(request: Request, { APP }: Env): Promise<Response> {
    const { pathname } = new URL(request.url)
    const [, many, route, from, count] = pathname.split('/')
    const cf = { colo: 'TST' }
    if (many !== 'many') return APP.fetch(new Request(request, { cf } as RequestInit))
    const jobs = Array.from({ length: Number(count) }, (_, index) => `job-${Number(from) + index}`)
    const answers = await Promise.all(
      jobs.map(async (job) => {
        const request = new Request(`http://app/${route}/${job}`, { cf, method: 'POST', body: job } as RequestInit)
        // What a handler throws comes here as it is.
        const answer = await APP.fetch(request).catch(() => undefined)
        await answer?.text()
        return answer?.status ?? 500
      })
    )
    return Response.json(answers)
  }
}
