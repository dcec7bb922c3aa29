export { type DetectOptions, detectPromptInjection, type InjectionCategory, type PromptInjection } from './detect.ts'
