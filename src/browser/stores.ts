/** Opens a database of IndexedDB with these stores, whose keys are given. */
export async function openStores(name: string, stores: readonly string[]): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => {
    for (const store of stores) opening.result.createObjectStore(store)
  }
  const database = await resultOf(opening)
  // Whoever deletes it would wait for this page to end.
  database.onversionchange = () => database.close()
  return database
}

/** What a request gives. */
export function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/**
 * Changes stores: all of it or nothing, in the order of the calls. Without `commit` a page that is closed right after that
 * would lose it.
 */
export function change(
  database: IDBDatabase,
  names: readonly string[],
  act: (...stores: IDBObjectStore[]) => void
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, 'readwrite')
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    act(...names.map((name) => transaction.objectStore(name)))
    transaction.commit?.()
  })
}
