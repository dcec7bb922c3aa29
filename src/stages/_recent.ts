/** Puts an item last in a map that holds so many; gives back the first, which had to go, when there was no room. */
export function remember<Key, Item>(map: Map<Key, Item>, key: Key, item: Item, limit: number): [Key, Item] | undefined {
  map.delete(key)
  map.set(key, item)
  if (map.size <= limit) return undefined
  const [first] = map
  map.delete(first[0])
  return first
}
