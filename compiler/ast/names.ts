/**
 * One spelling for each name. In: a name as somebody typed it (`Gu`, `Gamma_u`, `Γᵤ`; `c~`, `c̃`;
 * `σ`). Out: the canonical name that the tree holds. Names with equal canonical form are one name,
 * and `canonicalName` of a canonical name is the name itself. See specs/language/grammar.md, Names.
 */

export function canonicalName(written: string): string {
  const plain = written.replace(/[′’]/g, "'").replace(/~/g, '\u0303').replace(SUBSCRIPTS, unscript);
  const marked = plain.replace(/(?<=.)_(hat|tilde|bar)$/, (_, mark: string) => marks[mark] ?? '');
  const gate = /^(?:Γ|Gamma)_?(.+)$/u.exec(marked) ?? /^G([a-z0-9])$/.exec(marked);
  if (gate) return `Γ${spellGreek(gate[1] ?? '')}`.normalize('NFC');
  if (marked === 'Γ' || marked === 'Gamma') return 'Γ';
  if (marked === 'σ') return 'sigmoid';
  return spellGreek(marked).normalize('NFC');
}

const SUBSCRIPTS = /[\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a]+/g;

/** `₁₂` is `_12`, so that `h₁` and `h_1` are one name. */
function unscript(subscripts: string): string {
  return `_${subscripts.normalize('NFKC')}`;
}

const marks: Readonly<Record<string, string>> = { hat: '\u0302', tilde: '\u0303', bar: '\u0304' };

/** Every Greek letter but a leading Γ is spelled out: `β1` is `beta1`, `Δc` is `Deltac`. */
function spellGreek(name: string): string {
  return name.replace(/[α-ωΑ-ΩϵϕϑϱϖϐµℓΔΩ]/gu, (letter) => greek[letter] ?? letter);
}

const greek: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...'α alpha|β beta|γ gamma|δ delta|ε epsilon|ζ zeta|η eta|θ theta|ι iota|κ kappa'.split('|'),
    ...'λ lambda|μ mu|ν nu|ξ xi|ο omicron|π pi|ρ rho|σ sigma|ς sigma|τ tau'.split('|'),
    ...'υ upsilon|φ phi|χ chi|ψ psi|ω omega|ϵ epsilon|ϕ phi|ϑ theta|µ mu'.split('|'),
    ...'Δ Delta|Θ Theta|Λ Lambda|Ξ Xi|Π Pi|Σ Sigma|Φ Phi|Ψ Psi|Ω Omega|Γ Gamma'.split('|'),
  ].map((entry) => entry.split(' ') as [string, string]),
);
