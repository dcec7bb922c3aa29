/** A function that is not recorded, and why. */
export interface Skipped {
  name: string
  reason: string
}

/** What became of the functions that were looked at. */
export interface Report {
  /** Names of what is recorded from now on. */
  wrapped: string[]
  skipped: Skipped[]
}

export const emptyReport = (): Report => ({ wrapped: [], skipped: [] })

const all: Report = /* @__PURE__ */ emptyReport()

/** What `nfo/register` and `nfo/esbuild` have made record itself so far in this process: names as `module:function`. */
export const autoReport = (): Report => all
