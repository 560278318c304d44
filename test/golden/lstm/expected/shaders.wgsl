// lstm.slice+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 4>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let Wc_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let Wu_at = i32(record[0].z);
  let Wf_at = i32(record[0].w);
  let Wo_at = i32(record[1].x);
  let bc_at = i32(record[1].y);
  let concat_2_at = i32(record[1].z);
  let bu_at = i32(record[1].w);
  let bf_at = i32(record[2].x);
  let bo_at = i32(record[2].y);
  let concat_3_at = i32(record[2].z);
  let a0_at = i32(record[2].w);
  let a_at = i32(record[3].x);
  let c0_at = i32(record[3].y);
  let c_at = i32(record[3].z);
  let B = i32(record[3].w);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < 3 + (B * 5 + 63) / 64) {
    if (group < 1) {
      let part = group;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 3;
      let at_2 = element % 3;
      let i = at * 8;
      let i_2 = at_2 + 5;
      let i_3 = i + i_2;
      let i_4 = at * 3;
      let i_5 = i_4 + at_2;
      let i_6 = 15 + i_4 + at_2;
      let i_7 = 30 + i_4 + at_2;
      let i_8 = 45 + i_4 + at_2;
      if (element < 15) {
        let Wc = floats[Wc_at + i_3];
        let Wu = floats[Wu_at + i_3];
        let Wf = floats[Wf_at + i_3];
        let Wo = floats[Wo_at + i_3];
        floats[concat_at + i_5] = Wc;
        floats[concat_at + i_6] = Wu;
        floats[concat_at + i_7] = Wf;
        floats[concat_at + i_8] = Wo;
      }
    } else if (group < 2) {
      let part = group - 1;
      let element = part * 64 + i32(invocation_id.x);
      let i = 5 + element;
      let i_2 = 10 + element;
      let i_3 = 15 + element;
      if (element < 5) {
        let bc = floats[bc_at + element];
        let bu = floats[bu_at + element];
        let bf = floats[bf_at + element];
        let bo = floats[bo_at + element];
        floats[concat_2_at + element] = bc;
        floats[concat_2_at + i] = bu;
        floats[concat_2_at + i_2] = bf;
        floats[concat_2_at + i_3] = bo;
      }
    } else if (group < 3) {
      let part = group - 2;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = at * 8;
      let i_2 = i + at_2;
      let i_3 = at * 5;
      let i_4 = i_3 + at_2;
      let i_5 = 25 + i_3 + at_2;
      let i_6 = 50 + i_3 + at_2;
      let i_7 = 75 + i_3 + at_2;
      if (element < 25) {
        let Wc = floats[Wc_at + i_2];
        let Wu = floats[Wu_at + i_2];
        let Wf = floats[Wf_at + i_2];
        let Wo = floats[Wo_at + i_2];
        floats[concat_3_at + i_4] = Wc;
        floats[concat_3_at + i_5] = Wu;
        floats[concat_3_at + i_6] = Wf;
        floats[concat_3_at + i_7] = Wo;
      }
    } else {
      let part = group - 3;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = at * 5;
      let i_2 = i + at_2;
      if (element < B * 5) {
        let a0 = floats[a0_at + i_2];
        let c0 = floats[c0_at + i_2];
        floats[a_at + i_2] = a0;
        floats[c_at + i_2] = c0;
      }
    }
  }
}

// lstm.dot

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let x_at = i32(record[0].y >> 2u);
  let concat_at = i32(record[0].z >> 2u);
  let concat_2_at = i32(record[0].w >> 2u);
  let add_at = i32(record[1].x >> 2u);
  let B = i32(record[1].y);
  let T = i32(record[1].z);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32) {
    // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B * T + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row / T;
    let row_3 = row % T;
    let row_4 = row + 1;
    let row_5 = min(row_4, B * T - 1);
    let row_6 = row_5 / T;
    let row_7 = row_5 % T;
    let row_8 = row + 2;
    let row_9 = min(row_8, B * T - 1);
    let row_10 = row_9 / T;
    let row_11 = row_9 % T;
    let row_12 = row + 3;
    let row_13 = min(row_12, B * T - 1);
    let row_14 = row_13 / T;
    let row_15 = row_13 % T;
    let i = row_2 * (T * 3);
    let i_2 = row_3 * 3;
    let i_3 = i + i_2;
    let i_5 = row_6 * (T * 3);
    let i_6 = row_7 * 3;
    let i_7 = i_5 + i_6;
    let i_9 = row_10 * (T * 3);
    let i_10 = row_11 * 3;
    let i_11 = i_9 + i_10;
    let i_13 = row_14 * (T * 3);
    let i_14 = row_15 * 3;
    let i_15 = i_13 + i_14;
    let i_17 = column * 3;
    let i_19 = (column + 1) * 3;
    let i_21 = (column + 2) * 3;
    let i_23 = (column + 3) * 3;
    if (row < B * T && column < 20) {
      var sum = 0.0;
      var sum_2 = 0.0;
      var sum_3 = 0.0;
      var sum_4 = 0.0;
      var sum_5 = 0.0;
      var sum_6 = 0.0;
      var sum_7 = 0.0;
      var sum_8 = 0.0;
      var sum_9 = 0.0;
      var sum_10 = 0.0;
      var sum_11 = 0.0;
      var sum_12 = 0.0;
      var sum_13 = 0.0;
      var sum_14 = 0.0;
      var sum_15 = 0.0;
      var sum_16 = 0.0;
      let lengths = ints[lengths_at + row_2];
      let less = row_3 < lengths;
      let lengths_2 = ints[lengths_at + row_6];
      let less_2 = row_7 < lengths_2;
      let lengths_3 = ints[lengths_at + row_10];
      let less_3 = row_11 < lengths_3;
      let lengths_4 = ints[lengths_at + row_14];
      let less_4 = row_15 < lengths_4;
      for (var k = 0; k < 3; k++) {
        let i_4 = i_3 + k;
        let x = floats[x_at + (i_4 >> 2u)][i_4 & 3];
        let select_ = select(0.0, x, less);
        let i_8 = i_7 + k;
        let x_2 = floats[x_at + (i_8 >> 2u)][i_8 & 3];
        let select_2 = select(0.0, x_2, less_2);
        let i_12 = i_11 + k;
        let x_3 = floats[x_at + (i_12 >> 2u)][i_12 & 3];
        let select_3 = select(0.0, x_3, less_3);
        let i_16 = i_15 + k;
        let x_4 = floats[x_at + (i_16 >> 2u)][i_16 & 3];
        let select_4 = select(0.0, x_4, less_4);
        let i_18 = i_17 + k;
        let concat = floats[concat_at + (i_18 >> 2u)][i_18 & 3];
        let i_20 = i_19 + k;
        let concat_2 = floats[concat_at + (i_20 >> 2u)][i_20 & 3];
        let i_22 = i_21 + k;
        let concat_3 = floats[concat_at + (i_22 >> 2u)][i_22 & 3];
        let i_24 = i_23 + k;
        let concat_4 = floats[concat_at + (i_24 >> 2u)][i_24 & 3];
        sum = sum + select_ * concat;
        sum_2 = sum_2 + select_ * concat_2;
        sum_3 = sum_3 + select_ * concat_3;
        sum_4 = sum_4 + select_ * concat_4;
        sum_5 = sum_5 + select_2 * concat;
        sum_6 = sum_6 + select_2 * concat_2;
        sum_7 = sum_7 + select_2 * concat_3;
        sum_8 = sum_8 + select_2 * concat_4;
        sum_9 = sum_9 + select_3 * concat;
        sum_10 = sum_10 + select_3 * concat_2;
        sum_11 = sum_11 + select_3 * concat_3;
        sum_12 = sum_12 + select_3 * concat_4;
        sum_13 = sum_13 + select_4 * concat;
        sum_14 = sum_14 + select_4 * concat_2;
        sum_15 = sum_15 + select_4 * concat_3;
        sum_16 = sum_16 + select_4 * concat_4;
      }
      tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
      tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
      tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
      tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
      for (var down = 0; down < 4; down++) {
        let row_16 = row + down;
        let at = row_16 / T;
        let at_2 = row_16 % T;
        let i_25 = at * (T * 20);
        let i_26 = at_2 * 20;
        let i_27 = column + i_25 + i_26;
        if (row_16 < B * T) {
          let product = tile[down];
          let concat_5 = floats[concat_2_at + (column >> 2u)];
          let add = product.x + concat_5.x;
          let add_2 = product.y + concat_5.y;
          let add_3 = product.z + concat_5.z;
          let add_4 = product.w + concat_5.w;
          let add_5 = vec4<f32>(add, add_2, add_3, add_4);
          floats[add_at + (i_27 >> 2u)] = add_5;
        }
      }
    }
  }
}

// lstm.step

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

fn decay(x: f32) -> f32 {
  let gone = 87.33654 < x;
  let held = select(x, 0.0, gone);
  let power = bitcast<i32>(held * -1.442695 + 12582912.0) - 1262485504;
  let n = f32(power);
  let r = bitcast<f32>(bitcast<i32>(-held - n * 0.6933594) + i32(u32(power + 512) >> 10u)) - n * -0.00021219444;
  return select(select(bitcast<f32>(bitcast<i32>(r * r * ((((0.0013841455 * r + 0.0083693685) * r + 0.04166808) * r + 0.16666515) * r + 0.49999994) + r + 1.0) + (power << 23u)), x, 2139095040 < (bitcast<i32>(x) & 2147483647)), 0.0, gone);
}

fn sigmoid(x: f32) -> f32 {
  let power = decay(abs(x));
  return select(1.0, power, x < 0.0) / (power + 1.0);
}

fn tanh_(x: f32) -> f32 {
  let size = abs(x);
  let square = x * x;
  let power = decay(size + size);
  return bitcast<f32>(bitcast<i32>(select(1.0 - (power + power) / (1.0 + power), x + x * square * ((((-0.005138662 * square + 0.02009197) * square + -0.05355886) * square + 0.13329111) * square + -0.3333319), size < 0.7)) | (bitcast<i32>(x) & -2147483648));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let a_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let add_at = i32(record[0].z);
  let c_at = i32(record[0].w);
  let lengths_at = i32(record[1].x);
  let y_at = i32(record[1].y);
  let B = i32(record[1].z);
  let T = i32(record[1].w);
  let time_step = i32(moment.x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * 5 + 63) / 64) {
    // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
    // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
    // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
    // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
    // std/lstm.gate:11  c<t> = Γu * c̃ + Γf * c<t-1>
    // std/lstm.gate:12  a<t> = Γo * tanh(c<t>)
    let element = group * 64 + i32(invocation_id.x);
    let at = element / 5;
    let at_2 = element % 5;
    let i = time_step % 2 * (B * 5);
    let i_2 = at * 5;
    let i_3 = i + i_2;
    let i_5 = (at_2 + 5) * 5;
    let i_7 = at * (T * 20);
    let i_8 = time_step * 20;
    let i_9 = at_2 + 5;
    let i_10 = i_7 + i_8 + i_9;
    let i_12 = at_2 * 5;
    let i_14 = i_7 + i_8 + at_2;
    let i_16 = (at_2 + 10) * 5;
    let i_18 = at_2 + 10;
    let i_19 = i_7 + i_8 + i_18;
    let i_20 = i + i_2 + at_2;
    let i_21 = (time_step + 1) % 2 * (B * 5);
    let i_22 = i_21 + i_2 + at_2;
    let i_24 = (at_2 + 15) * 5;
    let i_26 = at_2 + 15;
    let i_27 = i_7 + i_8 + i_26;
    let i_28 = time_step * 5;
    let i_29 = at * (T * 5);
    let i_30 = i_28 + i_29 + at_2;
    if (element < B * 5) {
      var dot_sum = 0.0;
      var dot_sum_2 = 0.0;
      var dot_sum_3 = 0.0;
      var dot_sum_4 = 0.0;
      for (var k = 0; k < 5; k++) {
        let i_4 = i_3 + k;
        let a = floats[a_at + i_4];
        let i_6 = i_5 + k;
        let concat = floats[concat_at + i_6];
        dot_sum = dot_sum + a * concat;
        let i_13 = i_12 + k;
        let concat_2 = floats[concat_at + i_13];
        dot_sum_2 = dot_sum_2 + a * concat_2;
        let i_17 = i_16 + k;
        let concat_3 = floats[concat_at + i_17];
        dot_sum_3 = dot_sum_3 + a * concat_3;
        let i_25 = i_24 + k;
        let concat_4 = floats[concat_at + i_25];
        dot_sum_4 = dot_sum_4 + a * concat_4;
      }
      let add = floats[add_at + i_10];
      let add_2 = dot_sum + add;
      let sigmoid_2 = sigmoid(add_2);
      let add_3 = floats[add_at + i_14];
      let add_4 = dot_sum_2 + add_3;
      let tanh__2 = tanh_(add_4);
      let mul = sigmoid_2 * tanh__2;
      let add_5 = floats[add_at + i_19];
      let add_6 = dot_sum_3 + add_5;
      let sigmoid_2_2 = sigmoid(add_6);
      let c = floats[c_at + i_20];
      let mul_2 = sigmoid_2_2 * c;
      let add_7 = mul + mul_2;
      let lengths = ints[lengths_at + at];
      let active_ = time_step < lengths;
      let add_8 = select(c, add_7, active_);
      let add_9 = floats[add_at + i_27];
      let add_10 = dot_sum_4 + add_9;
      let sigmoid_3 = sigmoid(add_10);
      let tanh_2 = tanh_(add_7);
      let mul_3 = sigmoid_3 * tanh_2;
      let mul_4 = select(0.0, mul_3, active_);
      let a_5 = floats[a_at + i_20];
      let mul_5 = select(a_5, mul_3, active_);
      floats[c_at + i_22] = add_8;
      floats[y_at + i_30] = mul_4;
      floats[a_at + i_22] = mul_5;
    }
  }
}

// select+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let y_at = i32(record[0].y);
  let y_2_at = i32(record[0].z);
  let a_at = i32(record[0].w);
  let an_at = i32(record[1].x);
  let c_at = i32(record[1].y);
  let cn_at = i32(record[1].z);
  let B = i32(record[1].w);
  let T = i32(record[2].x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * (T * 5) + 63) / 64 + (B * 5 + 63) / 64) {
    if (group < (B * (T * 5) + 63) / 64) {
      let part = group;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5 / T;
      let at_2 = element / 5 % T;
      let at_3 = element % 5;
      let i = at * (T * 5);
      let i_2 = at_2 * 5;
      let i_3 = i + i_2 + at_3;
      if (element < B * (T * 5)) {
        let lengths = ints[lengths_at + at];
        let less = at_2 < lengths;
        let y = floats[y_at + i_3];
        let select_ = select(0.0, y, less);
        floats[y_2_at + i_3] = select_;
      }
    } else {
      let part = group - (B * (T * 5) + 63) / 64;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = T % 2 * (B * 5);
      let i_2 = at * 5;
      let i_3 = i + i_2 + at_2;
      let i_4 = i_2 + at_2;
      if (element < B * 5) {
        let a_final = floats[a_at + i_3];
        let c_final = floats[c_at + i_3];
        floats[an_at + i_4] = a_final;
        floats[cn_at + i_4] = c_final;
      }
    }
  }
}
