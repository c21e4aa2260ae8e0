export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'changed-since'
  | 'rule-broken'
  | 'too-large'
  | 'wrong-type'
  | 'too-many'
  | 'overloaded'

/** What is said to a person: in Chinese, or in English when asked for. */
export interface Words {
  zh: string
  en: string
}

/** Something that looks wrong in a fact that was kept all the same. */
export interface Warning {
  code: string
  field: string
  message: Words
}

/** A refusal that the caller can act on. Anything else that is thrown is a bug or an outage. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly kind: ErrorKind
  readonly code: string
  readonly words: Words
  readonly field: string | undefined
  constructor(kind: ErrorKind, code: string, words: Words, field?: string) {
    super(words.en)
    this.kind = kind
    this.code = code
    this.words = words
    this.field = field
  }
  /** As it can be told to another thread, which `of` reads. */
  told(): ToldRefusal {
    const { kind, code, words, field } = this
    return { kind, code, words, field }
  }
  static of({ kind, code, words, field }: ToldRefusal): Refusal {
    return new Refusal(kind, code, words, field)
  }
}
export type ToldRefusal = Pick<Refusal, 'kind' | 'code' | 'words' | 'field'>
