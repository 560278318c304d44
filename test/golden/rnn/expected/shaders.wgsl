// rnn.dot+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let x_at = i32(record[0].y);
  let Wa_at = i32(record[0].z);
  let ba_at = i32(record[0].w);
  let add_at = i32(record[1].x);
  let a0_at = i32(record[1].y);
  let a_at = i32(record[1].z);
  let B = i32(record[1].w);
  let T = i32(record[2].x);
  var tile: array<f32, 16>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32 + (B * 5 + 63) / 64) {
    if (group < (B * T + 31) / 32) {
      let part = group;
      // std/rnn.gate:5  a<t> = activation(Wa[a<t-1>, x<t>] + ba)
      let column = i32(invocation_id.x) % 8 * 4;
      let row = part % ((B * T + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
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
      let column_2 = column + 1;
      let column_3 = min(column_2, 4);
      let column_4 = column + 2;
      let column_5 = min(column_4, 4);
      let column_6 = column + 3;
      let column_7 = min(column_6, 4);
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
      let i_17 = column * 8;
      let i_20 = column_3 * 8;
      let i_22 = column_5 * 8;
      let i_24 = column_7 * 8;
      if (row < B * T && column < 5) {
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
          let x = floats[x_at + i_4];
          let select_ = select(0.0, x, less);
          let i_8 = i_7 + k;
          let x_2 = floats[x_at + i_8];
          let select_2 = select(0.0, x_2, less_2);
          let i_12 = i_11 + k;
          let x_3 = floats[x_at + i_12];
          let select_3 = select(0.0, x_3, less_3);
          let i_16 = i_15 + k;
          let x_4 = floats[x_at + i_16];
          let select_4 = select(0.0, x_4, less_4);
          let i_18 = k + 5;
          let i_19 = i_17 + i_18;
          let Wa = floats[Wa_at + i_19];
          let i_21 = i_20 + i_18;
          let Wa_2 = floats[Wa_at + i_21];
          let i_23 = i_22 + i_18;
          let Wa_3 = floats[Wa_at + i_23];
          let i_25 = i_24 + i_18;
          let Wa_4 = floats[Wa_at + i_25];
          sum = sum + select_ * Wa;
          sum_2 = sum_2 + select_ * Wa_2;
          sum_3 = sum_3 + select_ * Wa_3;
          sum_4 = sum_4 + select_ * Wa_4;
          sum_5 = sum_5 + select_2 * Wa;
          sum_6 = sum_6 + select_2 * Wa_2;
          sum_7 = sum_7 + select_2 * Wa_3;
          sum_8 = sum_8 + select_2 * Wa_4;
          sum_9 = sum_9 + select_3 * Wa;
          sum_10 = sum_10 + select_3 * Wa_2;
          sum_11 = sum_11 + select_3 * Wa_3;
          sum_12 = sum_12 + select_3 * Wa_4;
          sum_13 = sum_13 + select_4 * Wa;
          sum_14 = sum_14 + select_4 * Wa_2;
          sum_15 = sum_15 + select_4 * Wa_3;
          sum_16 = sum_16 + select_4 * Wa_4;
        }
        tile[0] = sum;
        tile[1] = sum_2;
        tile[2] = sum_3;
        tile[3] = sum_4;
        tile[4] = sum_5;
        tile[5] = sum_6;
        tile[6] = sum_7;
        tile[7] = sum_8;
        tile[8] = sum_9;
        tile[9] = sum_10;
        tile[10] = sum_11;
        tile[11] = sum_12;
        tile[12] = sum_13;
        tile[13] = sum_14;
        tile[14] = sum_15;
        tile[15] = sum_16;
        for (var down = 0; down < 4; down++) {
          let row_16 = row + down;
          let at = row_16 / T;
          let at_2 = row_16 % T;
          let i_26 = at * (T * 5);
          let i_27 = at_2 * 5;
          let i_28 = i_26 + i_27;
          for (var across = 0; across < 4; across++) {
            let column_8 = column + across;
            let i_29 = i_28 + column_8;
            if (row_16 < B * T && column_8 < 5) {
              let dot_ = tile[down * 4 + across];
              let ba = floats[ba_at + column_8];
              let add = dot_ + ba;
              floats[add_at + i_29] = add;
            }
          }
        }
      }
    } else {
      let part = group - (B * T + 31) / 32;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = at * 5;
      let i_2 = i + at_2;
      if (element < B * 5) {
        let a0 = floats[a0_at + i_2];
        floats[a_at + i_2] = a0;
      }
    }
  }
}

// rnn.step

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

fn tanh_(x: f32) -> f32 {
  let size = abs(x);
  let square = x * x;
  let power = decay(size + size);
  return bitcast<f32>(bitcast<i32>(select(1.0 - (power + power) / (1.0 + power), x + x * square * ((((-0.005138662 * square + 0.02009197) * square + -0.05355886) * square + 0.13329111) * square + -0.3333319), size < 0.7)) | (bitcast<i32>(x) & -2147483648));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let a_at = i32(record[0].x);
  let Wa_at = i32(record[0].y);
  let add_at = i32(record[0].z);
  let lengths_at = i32(record[0].w);
  let y_at = i32(record[1].x);
  let B = i32(record[1].y);
  let T = i32(record[1].z);
  let time_step = i32(moment.x);
  var tile: array<f32, 16>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // std/rnn.gate:5  a<t> = activation(Wa[a<t-1>, x<t>] + ba)
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row + 1;
    let row_3 = min(row_2, B - 1);
    let row_4 = row + 2;
    let row_5 = min(row_4, B - 1);
    let row_6 = row + 3;
    let row_7 = min(row_6, B - 1);
    let column_2 = column + 1;
    let column_3 = min(column_2, 4);
    let column_4 = column + 2;
    let column_5 = min(column_4, 4);
    let column_6 = column + 3;
    let column_7 = min(column_6, 4);
    let i = time_step % 2 * (B * 5);
    let i_2 = row * 5;
    let i_3 = i + i_2;
    let i_5 = row_3 * 5;
    let i_6 = i + i_5;
    let i_8 = row_5 * 5;
    let i_9 = i + i_8;
    let i_11 = row_7 * 5;
    let i_12 = i + i_11;
    let i_14 = column * 8;
    let i_16 = column_3 * 8;
    let i_18 = column_5 * 8;
    let i_20 = column_7 * 8;
    let i_22 = time_step * 5;
    let i_29 = (time_step + 1) % 2 * (B * 5);
    if (row < B && column < 5) {
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
      for (var k = 0; k < 5; k++) {
        let i_4 = i_3 + k;
        let a = floats[a_at + i_4];
        let i_7 = i_6 + k;
        let a_2 = floats[a_at + i_7];
        let i_10 = i_9 + k;
        let a_3 = floats[a_at + i_10];
        let i_13 = i_12 + k;
        let a_4 = floats[a_at + i_13];
        let i_15 = i_14 + k;
        let Wa = floats[Wa_at + i_15];
        let i_17 = i_16 + k;
        let Wa_2 = floats[Wa_at + i_17];
        let i_19 = i_18 + k;
        let Wa_3 = floats[Wa_at + i_19];
        let i_21 = i_20 + k;
        let Wa_4 = floats[Wa_at + i_21];
        sum = sum + a * Wa;
        sum_2 = sum_2 + a * Wa_2;
        sum_3 = sum_3 + a * Wa_3;
        sum_4 = sum_4 + a * Wa_4;
        sum_5 = sum_5 + a_2 * Wa;
        sum_6 = sum_6 + a_2 * Wa_2;
        sum_7 = sum_7 + a_2 * Wa_3;
        sum_8 = sum_8 + a_2 * Wa_4;
        sum_9 = sum_9 + a_3 * Wa;
        sum_10 = sum_10 + a_3 * Wa_2;
        sum_11 = sum_11 + a_3 * Wa_3;
        sum_12 = sum_12 + a_3 * Wa_4;
        sum_13 = sum_13 + a_4 * Wa;
        sum_14 = sum_14 + a_4 * Wa_2;
        sum_15 = sum_15 + a_4 * Wa_3;
        sum_16 = sum_16 + a_4 * Wa_4;
      }
      tile[0] = sum;
      tile[1] = sum_2;
      tile[2] = sum_3;
      tile[3] = sum_4;
      tile[4] = sum_5;
      tile[5] = sum_6;
      tile[6] = sum_7;
      tile[7] = sum_8;
      tile[8] = sum_9;
      tile[9] = sum_10;
      tile[10] = sum_11;
      tile[11] = sum_12;
      tile[12] = sum_13;
      tile[13] = sum_14;
      tile[14] = sum_15;
      tile[15] = sum_16;
      for (var down = 0; down < 4; down++) {
        let row_8 = row + down;
        let i_23 = row_8 * (T * 5);
        let i_24 = i_22 + i_23;
        let i_26 = row_8 * 5;
        let i_27 = i + i_26;
        let i_30 = i_29 + i_26;
        for (var across = 0; across < 4; across++) {
          let column_8 = column + across;
          let i_25 = i_24 + column_8;
          let i_28 = i_27 + column_8;
          let i_31 = i_30 + column_8;
          if (row_8 < B && column_8 < 5) {
            let dot_ = tile[down * 4 + across];
            let add = floats[add_at + i_25];
            let add_2 = dot_ + add;
            let tanh__2 = tanh_(add_2);
            let lengths = ints[lengths_at + row_8];
            let active_ = time_step < lengths;
            let tanh_2 = select(0.0, tanh__2, active_);
            let a_5 = floats[a_at + i_28];
            let tanh_3 = select(a_5, tanh__2, active_);
            floats[y_at + i_25] = tanh_2;
            floats[a_at + i_31] = tanh_3;
          }
        }
      }
    }
  }
}

// dense.dot+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let y_at = i32(record[0].x);
  let W_at = i32(record[0].y);
  let lengths_at = i32(record[0].z);
  let b_at = i32(record[0].w);
  let y_2_at = i32(record[1].x);
  let a_at = i32(record[1].y);
  let an_at = i32(record[1].z);
  let B = i32(record[1].w);
  let T = i32(record[2].x);
  var tile: array<f32, 8>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32 + (B * 5 + 63) / 64) {
    if (group < (B * T + 31) / 32) {
      let part = group;
      // std/layers.gate:5  emit activation(W[x] + b)
      let column = i32(invocation_id.x) % 8 * 2;
      let row = part % ((B * T + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
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
      let column_2 = column + 1;
      let column_3 = min(column_2, 1);
      let i = row_2 * (T * 5);
      let i_2 = row_3 * 5;
      let i_3 = i + i_2;
      let i_5 = row_6 * (T * 5);
      let i_6 = row_7 * 5;
      let i_7 = i_5 + i_6;
      let i_9 = row_10 * (T * 5);
      let i_10 = row_11 * 5;
      let i_11 = i_9 + i_10;
      let i_13 = row_14 * (T * 5);
      let i_14 = row_15 * 5;
      let i_15 = i_13 + i_14;
      let i_17 = column * 5;
      let i_19 = column_3 * 5;
      if (row < B * T && column < 2) {
        var sum = 0.0;
        var sum_2 = 0.0;
        var sum_3 = 0.0;
        var sum_4 = 0.0;
        var sum_5 = 0.0;
        var sum_6 = 0.0;
        var sum_7 = 0.0;
        var sum_8 = 0.0;
        for (var k = 0; k < 5; k++) {
          let i_4 = i_3 + k;
          let y = floats[y_at + i_4];
          let i_8 = i_7 + k;
          let y_2 = floats[y_at + i_8];
          let i_12 = i_11 + k;
          let y_3 = floats[y_at + i_12];
          let i_16 = i_15 + k;
          let y_4 = floats[y_at + i_16];
          let i_18 = i_17 + k;
          let W = floats[W_at + i_18];
          let i_20 = i_19 + k;
          let W_2 = floats[W_at + i_20];
          sum = sum + y * W;
          sum_2 = sum_2 + y * W_2;
          sum_3 = sum_3 + y_2 * W;
          sum_4 = sum_4 + y_2 * W_2;
          sum_5 = sum_5 + y_3 * W;
          sum_6 = sum_6 + y_3 * W_2;
          sum_7 = sum_7 + y_4 * W;
          sum_8 = sum_8 + y_4 * W_2;
        }
        tile[0] = sum;
        tile[1] = sum_2;
        tile[2] = sum_3;
        tile[3] = sum_4;
        tile[4] = sum_5;
        tile[5] = sum_6;
        tile[6] = sum_7;
        tile[7] = sum_8;
        for (var down = 0; down < 4; down++) {
          let row_16 = row + down;
          let at = row_16 / T;
          let at_2 = row_16 % T;
          let i_21 = at * (T * 2);
          let i_22 = at_2 * 2;
          let i_23 = i_21 + i_22;
          for (var across = 0; across < 2; across++) {
            let column_4 = column + across;
            let i_24 = i_23 + column_4;
            if (row_16 < B * T && column_4 < 2) {
              let dot_ = tile[down * 2 + across];
              let lengths = ints[lengths_at + at];
              let less = at_2 < lengths;
              let b = floats[b_at + column_4];
              let add = dot_ + b;
              let select_ = select(0.0, add, less);
              floats[y_2_at + i_24] = select_;
            }
          }
        }
      }
    } else {
      let part = group - (B * T + 31) / 32;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = T % 2 * (B * 5);
      let i_2 = at * 5;
      let i_3 = i + i_2 + at_2;
      let i_4 = i_2 + at_2;
      if (element < B * 5) {
        let a_final = floats[a_at + i_3];
        floats[an_at + i_4] = a_final;
      }
    }
  }
}
