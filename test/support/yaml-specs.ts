/** YAML specs, each the twin of the `.gate` spec at the same place of `gateTwins`. */

export const yamlSpecs: readonly string[] = [
  `bidirectional(lstm(128), depth=3) -> softmax\n`,
  `- bidirectional: {layer: lstm(128), depth: 3}\n- dropout(0.1) -> relu # wide\n- softmax\n`,
  `layers:\n  - lstm: 64\n  - lstm: {n: 64, depth: 2}\n  - lstm: [64, {bias: false}]\n  - concat: [lstm(8), gru(8)]\n  - residual: {layer: [dense(8), relu]}\n  - relu\n`,
  `# names
import:
  - ./a.gate
  - {from: ./b.gate, names: [a, Gu]}
model names(width = 64):
  input: {text: "characters(V)[T]", z: [T, 3]}  # what
  weight:
    p: [n]
    q: {shape: [n, 2], initial: zeros}
    r:
  values:
    hidden: text<t-1> -> embed(16)
  output:
    next: [hidden, lstm: width, softmax(V)]
  loss: crossEntropy(next, text)
  train: {optimizer: "adam(rate = cosine(0.005, steps = 2000))", batch: 32, clipNorm: 5}
`,
  `cell gru(n, reset = before):
  - state c: [n]
  - Γu = σ(Wu[c<t-1>, x<t>] + bu)
  - Gr = σ(Wr[c<t-1>, x<t>] + br)
  - if: reset == before
    then: ["c~ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)"]
    else:
      - c~ = tanh(Wc[x<t>] + bc + Γr * (Uc[c<t-1>] + dc))
  - c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
  - layout: {pytorch: {gates: [Wr, -Wu, [Wc, Uc]], states: [c]}}
  - emit c<t>   # out
layer second: |
  input x: [T, D]  # within
  if flip == yes { emit reverse(x) } else if flip == no { emit x }
optimizer third:
  parameters: {rate: 0.1, momentum: }
  state: [m]
  equations: {m<t>: momentum * m<t-1> + g}
  emit: w - rate * m<t>
schedule fourth(a):
  parameters: [b, c = 2]
  emit: a + b ^ c
`,
  `model: tagger
parameters: {width: 64, classes: }
input: {tokens: "words(V)[T]", label: "class(classes)[T]"}
output: {y: tokens -> embed(width) -> lstm(width) -> softmax(classes)}
loss: crossEntropy(y, label)
`,
];

export const gateTwins: readonly string[] = [
  `bidirectional(lstm(128), depth = 3) -> softmax`,
  `bidirectional(layer = lstm(128), depth = 3) -> dropout(0.1) -> relu -> softmax`,
  `lstm(64) -> lstm(n = 64, depth = 2) -> lstm(64, bias = false) -> concat(lstm(8), gru(8))
     -> residual(layer = dense(8) -> relu) -> relu`,
  `import "./a.gate"
import { a, Γu } from "./b.gate"
model names(width = 64) {
  input text: characters(V)[T]
  input z: [T, 3]
  weight p: [n], q: [n, 2] = zeros, r
  hidden = text<t-1> -> embed(16)
  output next = hidden -> lstm(width) -> softmax(V)
  loss crossEntropy(next, text)
  train adam(rate = cosine(0.005, steps = 2000)), batch = 32, clipNorm = 5
}`,
  `cell gru(n, reset = before) {
  state c: [n]
  Γu = σ(Wu[c<t-1>, x<t>] + bu)
  Γr = sigmoid(Wr[c<t-1>, x<t>] + br)
  if reset == before {
    c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)
  } else {
    c̃ = tanh(Wc[x<t>] + bc + Γr * (Uc[c<t-1>] + dc))
  }
  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
  layout pytorch(gates = [Wr, -Wu, [Wc, Uc]], states = [c])
  emit c<t>
}
layer second {
  input x: float[T, D]
  if flip == yes { emit reverse(x) } else { if flip == no { emit x } }
}
optimizer third(rate = 0.1, momentum) {
  state m
  m<t> = momentum * m<t-1> + g
  emit w - rate * m<t>
}
schedule fourth(a, b, c = 2) { emit a + b ^ c }`,
  `model tagger(width = 64, classes) {
  input tokens: words(V)[T]
  input label: class(classes)[T]
  output y = tokens -> embed(width) -> lstm(width) -> softmax(classes)
  loss crossEntropy(y, label)
}`,
];
