/** Generated from specs/std/*.gate by `npm run generate`; do not edit. */
export const standardLibrary: Readonly<Record<string, string>> = {
  "gru": `# The simplified GRU of the lecture: one gate, which updates (Cho et al. 2014, without the reset gate).
# The update gate starts rather closed, so that the cell keeps what it has: its bias is -keep.
cell simpleGru(n, keep = 1) {
  state c: [n]
  weight bu = constant(-keep)
  c̃ = tanh(Wc[c<t-1>, x<t>] + bc)
  Γu = σ(Wu[c<t-1>, x<t>] + bu)
  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
  emit c<t>
}

# The full GRU (Cho et al. 2014; Chung et al. 2014). reset = before is the lecture's: the reset gate
# acts on c<t-1>. reset = after is the form of cuDNN and PyTorch: it acts on the product, which has a
# bias of its own. PyTorch's update gate is 1 - Γu, hence the sign.
cell gru(n, reset = before, keep = 1) {
  state c: [n]
  weight bu = constant(-keep)
  Γu = σ(Wu[c<t-1>, x<t>] + bu)
  Γr = σ(Wr[c<t-1>, x<t>] + br)
  if reset == after {
    layout pytorch(gates = [Wr, -Wu, [Wc, Uc]], biases = [br, -bu, [bc, bh]], states = [c])
    c̃ = tanh(Wc[x<t>] + bc + Γr * (Uc[c<t-1>] + bh))
  } else {
    c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)
  }
  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
  emit c<t>
}
`,
  "layers": `# y = g(W x + b), at every time step alike.
layer dense(n, activation = identity) {
  layout pytorch(weight = W, bias = b)
  weight W: [n, width(x)]
  emit activation(W[x] + b)
}

# softmax normalises the last axis; softmax(n) projects to n classes first.
layer softmax(n = none) {
  if n == none {
    emit softmax(x)
  } else {
    layout pytorch(weight = W, bias = b)
    weight W: [n, width(x)]
    emit softmax(W[x] + b)
  }
}

# A logistic output: sigmoid(n) projects to n numbers first.
layer sigmoid(n = none) {
  if n == none {
    emit σ(x)
  } else {
    layout pytorch(weight = W, bias = b)
    weight W: [n, width(x)]
    emit σ(W[x] + b)
  }
}

# One trained vector of width n for each id.
layer embed(n, scale = 0.5) {
  layout pytorch(weight = E)
  input x: ids(V)
  weight E: [V, n] = normal(scale)
  emit lookup(E, x)
}

# The one-hot vector of each id.
layer oneHot() {
  input x: ids(V)
  emit oneHot(x)
}

# Dropout (Srivastava et al. 2014); variational = true draws one mask for all time steps (Gal &
# Ghahramani 2016). Acts in training only.
layer dropout(rate, variational = false) {
  emit dropoutOf(x, rate, variational)
}

# Layer normalisation (Ba et al. 2016) over the features.
layer layerNorm(epsilon = 1e-5) {
  layout pytorch(weight = g, bias = b)
  weight g: [width(x)] = ones
  weight b: [width(x)]
  emit g * (x - mean(x)) / sqrt(variance(x) + epsilon) + b
}

# The last time step within each sequence's length.
layer last() {
  emit lastStep(x)
}

# One value for the whole sequence: pool(mean), pool(max) or pool(sum).
layer pool(kind = mean) {
  if kind == max {
    emit maxOverTime(x)
  } else {
    if kind == sum {
      emit sumOverTime(x)
    } else {
      emit meanOverTime(x)
    }
  }
}

# Each sequence back to front.
layer reverse() {
  emit reverseTime(x)
}

# The value of one time step before; zeros (for ids: no token) at the first.
cell delay() {
  state s
  s<t> = x<t>
  emit s<t-1>
}

# The value \`steps\` before, or after if negative.
layer shift(steps = 1) {
  if steps < 0 {
    emit x -> delay(depth = -steps, reverse = true)
  } else if steps > 0 {
    emit x -> delay(depth = steps)
  } else {
    emit x
  }
}
`,
  "lstm": `# LSTM (Hochreiter & Schmidhuber 1997; forget gate of Gers et al. 2000). The forget gate starts open:
# its bias is \`forget\`. Gates as in the lecture: update u, forget f, output o; candidate c̃.
cell lstm(n, forget = 1) {
  layout pytorch(gates = [Wu, Wf, Wc, Wo], biases = [bu, bf, bc, bo], states = [a, c])
  state a: [n], c: [n]
  weight bf = constant(forget)
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  Γu = σ(Wu[a<t-1>, x<t>] + bu)
  Γf = σ(Wf[a<t-1>, x<t>] + bf)
  Γo = σ(Wo[a<t-1>, x<t>] + bo)
  c<t> = Γu * c̃ + Γf * c<t-1>
  a<t> = Γo * tanh(c<t>)
  emit a<t>
}

# The LSTM as on the slide: a<t> = Γo * c<t>, without tanh.
cell slideLstm(n, forget = 1) {
  state a: [n], c: [n]
  weight bf = constant(forget)
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  Γu = σ(Wu[a<t-1>, x<t>] + bu)
  Γf = σ(Wf[a<t-1>, x<t>] + bf)
  Γo = σ(Wo[a<t-1>, x<t>] + bo)
  c<t> = Γu * c̃ + Γf * c<t-1>
  a<t> = Γo * c<t>
  emit a<t>
}

# Peephole connections (Gers & Schmidhuber 2000): the gates also see the cell state, through a full
# matrix as on the slide, or one number a unit (connections = diagonal), as usual in practice.
cell peephole(n, connections = full, forget = 1) {
  state a: [n], c: [n]
  weight bf = constant(forget)
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  if connections == diagonal {
    weight pu: [n]
    weight pf: [n]
    weight po: [n]
    Γu = σ(Wu[a<t-1>, x<t>] + pu * c<t-1> + bu)
    Γf = σ(Wf[a<t-1>, x<t>] + pf * c<t-1> + bf)
    c<t> = Γu * c̃ + Γf * c<t-1>
    Γo = σ(Wo[a<t-1>, x<t>] + po * c<t> + bo)
  } else {
    Γu = σ(Wu[a<t-1>, x<t>, c<t-1>] + bu)
    Γf = σ(Wf[a<t-1>, x<t>, c<t-1>] + bf)
    Γo = σ(Wo[a<t-1>, x<t>, c<t-1>] + bo)
    c<t> = Γu * c̃ + Γf * c<t-1>
  }
  a<t> = Γo * tanh(c<t>)
  emit a<t>
}

# Coupled gates (Greff et al. 2015, CIFG): what is forgotten makes room for what is new.
cell coupledLstm(n, forget = 1) {
  state a: [n], c: [n]
  weight bf = constant(forget)
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  Γf = σ(Wf[a<t-1>, x<t>] + bf)
  Γo = σ(Wo[a<t-1>, x<t>] + bo)
  c<t> = (1 - Γf) * c̃ + Γf * c<t-1>
  a<t> = Γo * tanh(c<t>)
  emit a<t>
}
`,
  "optimizers": `# An optimizer sees a weight w, its gradient g, the step k (1 at the first) and the learning rate.
# The conventions are PyTorch's, so that runs can be compared number by number.

# Gradient descent with momentum (Polyak 1964), or Nesterov's form (Sutskever et al. 2013).
optimizer sgd(rate = 0.01, momentum = 0, nesterov = false, weightDecay = 0) {
  d = g + weightDecay * w
  if momentum == 0 {
    emit w - rate * d
  } else {
    state m
    m<t> = momentum * m<t-1> + d
    if nesterov == true {
      emit w - rate * (d + momentum * m<t>)
    } else {
      emit w - rate * m<t>
    }
  }
}

# Adam (Kingma & Ba 2015); weightDecay is added to the gradient.
optimizer adam(rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0) {
  state m, v
  d = g + weightDecay * w
  m<t> = beta1 * m<t-1> + (1 - beta1) * d
  v<t> = beta2 * v<t-1> + (1 - beta2) * d * d
  emit w - rate / (1 - beta1 ^ k) * m<t> / (sqrt(v<t>) / sqrt(1 - beta2 ^ k) + epsilon)
}

# AdamW (Loshchilov & Hutter 2019): the decay acts on the weight, apart from the gradient.
optimizer adamw(rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01) {
  state m, v
  m<t> = beta1 * m<t-1> + (1 - beta1) * g
  v<t> = beta2 * v<t-1> + (1 - beta2) * g * g
  decayed = w - rate * weightDecay * w
  emit decayed - rate / (1 - beta1 ^ k) * m<t> / (sqrt(v<t>) / sqrt(1 - beta2 ^ k) + epsilon)
}

# RMSprop (Tieleman & Hinton 2012).
optimizer rmsprop(rate = 0.01, alpha = 0.99, epsilon = 1e-8, weightDecay = 0, momentum = 0) {
  state v
  d = g + weightDecay * w
  v<t> = alpha * v<t-1> + (1 - alpha) * d * d
  if momentum == 0 {
    emit w - rate * d / (sqrt(v<t>) + epsilon)
  } else {
    state m
    m<t> = momentum * m<t-1> + d / (sqrt(v<t>) + epsilon)
    emit w - rate * m<t>
  }
}
`,
  "rnn": `# The basic recurrent layer of the lecture: a<t> = g(Wa[a<t-1>, x<t>] + ba).
cell rnn(n, activation = tanh) {
  layout pytorch(gates = [Wa], biases = [ba], states = [a])
  state a: [n]
  a<t> = activation(Wa[a<t-1>, x<t>] + ba)
  emit a<t>
}
`,
  "schedules": `# A schedule gives the learning rate at step k, which is 1 at the first update.

# Rises to the peak in \`warmup\` steps, then falls as half a cosine to \`end\` at \`steps\`
# (Loshchilov & Hutter 2017).
schedule cosine(peak, steps, warmup = 0, end = 0) {
  done = min(max((k - warmup) / (steps - warmup), 0), 1)
  falling = end + (peak - end) * 0.5 * (1 + cos(3.141592653589793 * done))
  if warmup == 0 {
    emit falling
  } else {
    emit min(k / warmup, 1) * falling
  }
}

# Rises to the peak in \`warmup\` steps and stays.
schedule warmup(peak, warmup) {
  emit peak * min(k / warmup, 1)
}

# Multiplied by \`factor\` after every \`every\` steps.
schedule step(peak, every, factor = 0.1, warmup = 0) {
  falling = peak * factor ^ floor((k - 1) / every)
  if warmup == 0 {
    emit falling
  } else {
    emit min(k / warmup, 1) * falling
  }
}

# Multiplied by \`factor\` at every step.
schedule exponential(peak, factor) {
  emit peak * factor ^ (k - 1)
}
`,
};
