import { items, ok, same } from './assert.ts'
import type { Check, Group, Host, Wrap } from './case.ts'
import { everywhere } from './hostile.ts'

function page(host: Host): Document {
  return host.document as Document
}

const values: Record<string, (page: Document) => unknown> = {
  'an element': (page) => page.createElement('div'),
  'an element in the page': (page) => page.documentElement,
  'a text node': (page) => page.createTextNode('text'),
  'a fragment': (page) => page.createDocumentFragment(),
  'the document': (page) => page,
  'the window': (page) => page.defaultView,
  'a live collection': (page) => page.getElementsByTagName('*'),
  'a node list': (page) => page.querySelectorAll('*'),
  'a style': (page) => page.createElement('div').style,
  'a data set': (page) => page.createElement('div').dataset,
  'a list of attributes': (page) => page.documentElement.attributes,
  'an event': () => new Event('ping'),
  'the storage, or why there is none': (page) => attempt(() => page.defaultView?.localStorage),
  'the location': (page) => page.defaultView?.location,
  'document.all': (page) => page.all,
  'the prototype of elements': (page) => Object.getPrototypeOf(page.createElement('div'))
}

function attempt(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

const passing: [string, Check][] = Object.entries(values).map(([name, make]) => [
  `${name} passes everywhere`,
  (wrap: Wrap, host: Host) => everywhere(() => make(page(host)))(wrap, host)
])

export const dom: Group = {
  name: 'the DOM',
  needs: 'dom',
  checks: {
    ...Object.fromEntries(passing),
    'a listener has its element as this': (wrap, host) => {
      const button = page(host).createElement('button')
      const seen: unknown[] = []
      button.addEventListener(
        'click',
        wrap(function (this: unknown, event: Event) {
          seen.push(this, event.currentTarget)
        })
      )
      button.click()
      items(seen, [button, button], 'this and currentTarget')
    },
    'a method of an element works on that element': (wrap, host) => {
      const element = page(host).createElement('div')
      element.setAttribute = wrap(element.setAttribute)
      element.setAttribute('id', 'kept')
      same(element.id, 'kept', 'id')
    },
    'an element is not changed': (wrap, host) => {
      const element = page(host).createElement('div')
      element.innerHTML = '<p class="a">text</p>'
      const before = element.outerHTML
      wrap((given: unknown) => given)(element)
      same(element.outerHTML, before, 'its HTML')
      items(Reflect.ownKeys(element), [], 'its own keys')
    },
    'a class of elements can be wrapped and extended': (wrap, host) => {
      const view = page(host).defaultView as typeof globalThis & Window
      const name = `conformance-${view.customElements.get('conformance-1') ? Date.now() : 1}`
      class Card extends wrap(view.HTMLElement) {
        shown = true
      }
      view.customElements.define(name, Card)
      const card = page(host).createElement(name) as Card
      ok(card instanceof Card && card instanceof view.HTMLElement && card.shown, 'the element is a card')
    }
  }
}
