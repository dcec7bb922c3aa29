import type { IAdaptiveCard } from '@microsoft/teams.cards'
import type { TeamsCard } from '../../src/formats/teams.ts'

declare const card: TeamsCard
card satisfies IAdaptiveCard
// @ts-expect-error no such element
;({ ...card, body: [{ type: 'RichTextBlok' }] }) satisfies IAdaptiveCard
