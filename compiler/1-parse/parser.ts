/**
 * The grammar (specs/language/grammar.md). In: arranged and balanced tokens. Out: a concrete syntax
 * tree without actions, and the faults found. Expressions are flat (operands and operators in a
 * row): precedence is settled in build-expression, which keeps rules few and recursion shallow.
 */
import { CstParser, EOF } from 'chevrotain';
import type { CstNode, IRecognitionException, IToken, ParserMethod, TokenType } from 'chevrotain';
import { faultMessages } from './messages.ts';
import * as words from './tokens.ts';

export type Rule = 'file' | 'statements' | 'expression' | 'type' | 'parameter' | 'head' | 'target';

export interface Parsed {
  /** Undefined when there were too many faults to go on. */
  readonly tree: CstNode | undefined;
  readonly faults: readonly IRecognitionException[];
}

/** Beyond this a text is not a spec with mistakes but something else. */
export const MAX_FAULTS = 50;

export function parseTokens(tokens: IToken[], rule: Rule): Parsed {
  const parser = specParser();
  parser.input = tokens;
  try {
    const tree = parser[rule]();
    return { tree, faults: parser.errors };
  } catch (thrown) {
    if (thrown instanceof TooManyFaults) return { tree: undefined, faults: parser.errors };
    throw thrown;
  }
}

/** Recovery recurses once for each fault, so that it has to end somewhere. */
class TooManyFaults extends Error {}

let instance: SpecParser | undefined;

/** Built on first use; afterwards reused, since `input =` resets it. */
function specParser(): SpecParser {
  instance ??= new SpecParser();
  return instance;
}

/** A token is skipped to reach one of another kind than these. */
const neverReached: ReadonlySet<TokenType> = new Set([
  ...[
    words.Name,
    words.NumberText,
    words.Text,
    words.Break,
    words.Define,
    words.TimeIndex,
    words.Equals,
    EOF,
  ],
]);

class SpecParser extends CstParser {
  constructor() {
    super(words.vocabulary, {
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: faultMessages,
      skipValidations: true,
    });
    this.performSelfAnalysis();
  }

  readonly file: ParserMethod<[], CstNode> = this.RULE('file', () => {
    this.MANY(() => this.SUBRULE(this.item));
  });

  readonly item = this.RULE('item', () => {
    this.CONSUME(words.Break);
    this.giveUp();
    this.OR([
      { ALT: () => this.SUBRULE(this.importation) },
      { ALT: () => this.SUBRULE(this.definition) },
      { ALT: () => this.SUBRULE(this.body) },
    ]);
  });

  readonly importation = this.RULE('importation', () => {
    this.CONSUME(words.ImportWord);
    this.OPTION(() => {
      this.CONSUME(words.LeftBrace);
      this.CONSUME1(words.Name);
      this.MANY(() => {
        this.CONSUME(words.Comma);
        this.CONSUME2(words.Name);
      });
      this.CONSUME(words.RightBrace);
      this.CONSUME(words.From);
    });
    this.CONSUME(words.Text);
  });

  readonly definition = this.RULE('definition', () => {
    this.SUBRULE(this.head);
    this.SUBRULE(this.block);
  });

  readonly head = this.RULE('head', () => {
    this.CONSUME(words.Define);
    this.CONSUME(words.Name);
    this.OPTION(() => {
      this.CONSUME(words.LeftParen);
      this.OPTION1(() => {
        this.SUBRULE1(this.parameter);
        this.MANY(() => {
          this.CONSUME(words.Comma);
          this.SUBRULE2(this.parameter);
        });
      });
      this.CONSUME(words.RightParen);
    });
  });

  readonly parameter = this.RULE('parameter', () => {
    this.CONSUME(words.Name);
    this.OPTION(() => {
      this.CONSUME(words.Equals);
      this.SUBRULE(this.expression);
    });
  });

  readonly block = this.RULE('block', () => {
    this.CONSUME(words.LeftBrace);
    this.MANY(() => this.SUBRULE(this.statement));
    this.CONSUME(words.RightBrace);
  });

  readonly statements = this.RULE('statements', () => {
    this.MANY(() => this.SUBRULE(this.statement));
  });

  readonly statement = this.RULE('statement', () => {
    this.CONSUME(words.Break);
    this.giveUp();
    this.SUBRULE(this.body);
  });

  readonly body = this.RULE('body', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.output) },
      { ALT: () => this.SUBRULE(this.loss) },
      { ALT: () => this.SUBRULE(this.train) },
      { ALT: () => this.SUBRULE(this.emission) },
      { ALT: () => this.SUBRULE(this.condition) },
      { ALT: () => this.SUBRULE(this.layout) },
      { ALT: () => this.SUBRULE(this.equation) },
    ]);
  });

  readonly declaration = this.RULE('declaration', () => {
    this.CONSUME(words.Declare);
    this.SUBRULE1(this.declared);
    this.MANY(() => {
      this.CONSUME(words.Comma);
      this.SUBRULE2(this.declared);
    });
  });

  readonly declared = this.RULE('declared', () => {
    this.CONSUME(words.Name);
    this.OPTION1(() => {
      this.CONSUME(words.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.CONSUME(words.Equals);
      this.SUBRULE(this.expression);
    });
  });

  readonly type: ParserMethod<[], CstNode> = this.RULE('type', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(words.Name);
          this.OPTION1(() => {
            this.CONSUME(words.LeftParen);
            this.SUBRULE(this.expression);
            this.CONSUME(words.RightParen);
          });
          this.OPTION2(() => this.SUBRULE1(this.list));
        },
      },
      { ALT: () => this.SUBRULE2(this.list) },
    ]);
  });

  readonly output = this.RULE('output', () => {
    this.CONSUME(words.Output);
    this.SUBRULE(this.target);
    this.CONSUME(words.Equals);
    this.SUBRULE(this.expression);
  });

  readonly equation = this.RULE('equation', () => {
    this.SUBRULE(this.target);
    this.CONSUME(words.Equals);
    this.SUBRULE(this.expression);
  });

  readonly target = this.RULE('target', () => {
    this.CONSUME(words.Name);
    this.OPTION(() => this.CONSUME(words.TimeIndex));
  });

  readonly loss = this.RULE('loss', () => {
    this.CONSUME(words.Loss);
    this.SUBRULE(this.expression);
  });

  readonly emission = this.RULE('emission', () => {
    this.CONSUME(words.EmitWord);
    this.SUBRULE(this.expression);
  });

  readonly train = this.RULE('train', () => {
    this.CONSUME(words.Train);
    this.SUBRULE(this.args);
  });

  readonly layout = this.RULE('layout', () => {
    this.CONSUME(words.Layout);
    this.CONSUME(words.Name);
    this.CONSUME(words.LeftParen);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(words.RightParen);
  });

  readonly condition = this.RULE('condition', () => {
    this.CONSUME1(words.If);
    this.SUBRULE1(this.expression);
    this.SUBRULE1(this.block);
    this.MANY(() => {
      this.CONSUME1(words.Else);
      this.CONSUME2(words.If);
      this.SUBRULE2(this.expression);
      this.SUBRULE2(this.block);
    });
    this.OPTION(() => {
      this.CONSUME2(words.Else);
      this.SUBRULE3(this.block);
    });
  });

  readonly expression: ParserMethod<[], CstNode> = this.RULE('expression', () => {
    this.SUBRULE1(this.operand);
    this.MANY(() => {
      this.CONSUME(words.Operator);
      this.SUBRULE2(this.operand);
    });
  });

  /** One rule with all its forms, since each rule of a nested spec costs stack. */
  readonly operand = this.RULE('operand', () => {
    this.giveUp();
    this.MANY(() => this.CONSUME(words.Minus));
    this.OR([
      { ALT: () => this.CONSUME(words.NumberText) },
      { ALT: () => this.CONSUME(words.Text) },
      {
        ALT: () => {
          this.CONSUME(words.Name);
          this.OPTION(() => {
            this.OR1([
              { ALT: () => this.CONSUME(words.TimeIndex) },
              {
                ALT: () => {
                  this.CONSUME1(words.LeftParen);
                  this.OPTION1(() => this.SUBRULE(this.args));
                  this.CONSUME1(words.RightParen);
                },
              },
              {
                ALT: () => {
                  this.CONSUME(words.ProductOpen);
                  this.OPTION2(() => this.SUBRULE(this.items));
                  this.CONSUME(words.RightBracket);
                },
              },
            ]);
          });
        },
      },
      { ALT: () => this.SUBRULE(this.list) },
      {
        ALT: () => {
          this.CONSUME2(words.LeftParen);
          this.SUBRULE(this.expression);
          this.CONSUME2(words.RightParen);
        },
      },
    ]);
  });

  /** Also the shape of a type, which may stand directly after its name. */
  readonly list = this.RULE('list', () => {
    this.OR([
      { ALT: () => this.CONSUME(words.LeftBracket) },
      { ALT: () => this.CONSUME(words.ProductOpen) },
    ]);
    this.OPTION(() => this.SUBRULE(this.items));
    this.CONSUME(words.RightBracket);
  });

  readonly items = this.RULE('items', () => {
    this.SUBRULE1(this.expression);
    this.MANY(() => {
      this.CONSUME(words.Comma);
      this.SUBRULE2(this.expression);
    });
  });

  /** Flat: names, `=`, values and commas in a row; build-expression puts them together. */
  readonly args = this.RULE('args', () => {
    this.OPTION1(() => {
      this.CONSUME1(words.Name);
      this.CONSUME1(words.Equals);
    });
    this.SUBRULE1(this.expression);
    this.MANY(() => {
      this.CONSUME(words.Comma);
      this.OPTION2(() => {
        this.CONSUME2(words.Name);
        this.CONSUME2(words.Equals);
      });
      this.SUBRULE2(this.expression);
    });
  });

  private giveUp(): void {
    this.ACTION(() => {
      if (this.errors.length >= MAX_FAULTS) throw new TooManyFaults();
    });
  }

  /**
   * Nothing is ever put in: brackets have been paired before, and a made-up name says nothing. The
   * library looks here for what could follow, by a walk that recurses through all open rules.
   */
  getFollowsForInRuleRecovery(): TokenType[] {
    return [];
  }

  protected override canTokenTypeBeDeletedInRecovery(type: TokenType): boolean {
    return !neverReached.has(type) && this.LA(1).tokenType !== words.Break;
  }
}
