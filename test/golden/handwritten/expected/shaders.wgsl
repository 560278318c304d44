// peak.dot+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let x_at = i32(record[0].y >> 2u);
  let W_at = i32(record[0].z >> 2u);
  let bv_at = i32(record[0].w >> 2u);
  let add_at = i32(record[1].x >> 2u);
  let h0_at = i32(record[1].y >> 2u);
  let h_at = i32(record[1].z >> 2u);
  let B = i32(record[1].w);
  let T = i32(record[2].x);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32 + (B + 63) / 64) {
    if (group < (B * T + 31) / 32) {
      let part = group;
      // test.gate:5
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
      let i_17 = column * 7;
      let i_20 = (column + 1) * 7;
      let i_22 = (column + 2) * 7;
      let i_24 = (column + 3) * 7;
      if (row < B * T && column < 4) {
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
          let i_18 = k + 4;
          let i_19 = i_17 + i_18;
          let W = floats[W_at + (i_19 >> 2u)][i_19 & 3];
          let i_21 = i_20 + i_18;
          let W_2 = floats[W_at + (i_21 >> 2u)][i_21 & 3];
          let i_23 = i_22 + i_18;
          let W_3 = floats[W_at + (i_23 >> 2u)][i_23 & 3];
          let i_25 = i_24 + i_18;
          let W_4 = floats[W_at + (i_25 >> 2u)][i_25 & 3];
          sum = sum + select_ * W;
          sum_2 = sum_2 + select_ * W_2;
          sum_3 = sum_3 + select_ * W_3;
          sum_4 = sum_4 + select_ * W_4;
          sum_5 = sum_5 + select_2 * W;
          sum_6 = sum_6 + select_2 * W_2;
          sum_7 = sum_7 + select_2 * W_3;
          sum_8 = sum_8 + select_2 * W_4;
          sum_9 = sum_9 + select_3 * W;
          sum_10 = sum_10 + select_3 * W_2;
          sum_11 = sum_11 + select_3 * W_3;
          sum_12 = sum_12 + select_3 * W_4;
          sum_13 = sum_13 + select_4 * W;
          sum_14 = sum_14 + select_4 * W_2;
          sum_15 = sum_15 + select_4 * W_3;
          sum_16 = sum_16 + select_4 * W_4;
        }
        tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
        tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
        tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
        tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
        for (var down = 0; down < 4; down++) {
          let row_16 = row + down;
          let at = row_16 / T;
          let at_2 = row_16 % T;
          let i_26 = at * (T * 4);
          let i_27 = at_2 * 4;
          let i_28 = column + i_26 + i_27;
          if (row_16 < B * T) {
            let product = tile[down];
            let bv = floats[bv_at + (column >> 2u)];
            let add = product.x + bv.x;
            let add_2 = product.y + bv.y;
            let add_3 = product.z + bv.z;
            let add_4 = product.w + bv.w;
            let add_5 = vec4<f32>(add, add_2, add_3, add_4);
            floats[add_at + (i_28 >> 2u)] = add_5;
          }
        }
      }
    } else {
      let part = group - (B * T + 31) / 32;
      let quad = part * 64 + i32(invocation_id.x);
      let i = quad * 4;
      let i_2 = i + 1;
      let i_3 = i + 2;
      let i_4 = i + 3;
      if (quad < B) {
        let h0 = floats[h0_at + (i >> 2u)][i & 3];
        let h0_2 = floats[h0_at + (i_2 >> 2u)][i_2 & 3];
        let h0_3 = floats[h0_at + (i_3 >> 2u)][i_3 & 3];
        let h0_4 = floats[h0_at + (i_4 >> 2u)][i_4 & 3];
        let h0_5 = vec4<f32>(h0, h0_2, h0_3, h0_4);
        floats[h_at + (i >> 2u)] = h0_5;
      }
    }
  }
}

// copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let top0_at = i32(record[0].x);
  let top_at = i32(record[0].y);
  let B = i32(record[0].z);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * 3 + 63) / 64) {
    let element = group * 64 + i32(invocation_id.x);
    let at = element / 3;
    let at_2 = element % 3;
    let i = at * 3;
    let i_2 = i + at_2;
    if (element < B * 3) {
      let top0 = floats[top0_at + i_2];
      floats[top_at + i_2] = top0;
    }
  }
}

// peak.step

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

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
  let h_at = i32(record[0].x >> 2u);
  let W_at = i32(record[0].y >> 2u);
  let add_at = i32(record[0].z >> 2u);
  let tanh_at = i32(record[0].w >> 2u);
  let B = i32(record[1].x);
  let T = i32(record[1].y);
  let time_step = i32(moment.x);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // test.gate:5
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row + 1;
    let row_3 = min(row_2, B - 1);
    let row_4 = row + 2;
    let row_5 = min(row_4, B - 1);
    let row_6 = row + 3;
    let row_7 = min(row_6, B - 1);
    let i = time_step % 2 * (B * 4);
    let i_2 = row * 4;
    let i_3 = i + i_2;
    let i_5 = row_3 * 4;
    let i_6 = i + i_5;
    let i_8 = row_5 * 4;
    let i_9 = i + i_8;
    let i_11 = row_7 * 4;
    let i_12 = i + i_11;
    let i_14 = column * 7;
    let i_22 = (column + 1) * 7;
    let i_27 = (column + 2) * 7;
    let i_32 = (column + 3) * 7;
    let i_37 = time_step * 4;
    let i_38 = i_37 + column;
    if (row < B && column < 4) {
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
      for (var k = 0; k < 4; k += 4) {
        let i_4 = i_3 + k;
        let h = floats[h_at + (i_4 >> 2u)];
        let i_7 = i_6 + k;
        let h_2 = floats[h_at + (i_7 >> 2u)];
        let i_10 = i_9 + k;
        let h_3 = floats[h_at + (i_10 >> 2u)];
        let i_13 = i_12 + k;
        let h_4 = floats[h_at + (i_13 >> 2u)];
        let i_15 = i_14 + k;
        let W = floats[W_at + (i_15 >> 2u)][i_15 & 3];
        let i_16 = k + 1;
        let i_17 = i_14 + i_16;
        let W_2 = floats[W_at + (i_17 >> 2u)][i_17 & 3];
        let i_18 = k + 2;
        let i_19 = i_14 + i_18;
        let W_3 = floats[W_at + (i_19 >> 2u)][i_19 & 3];
        let i_20 = k + 3;
        let i_21 = i_14 + i_20;
        let W_4 = floats[W_at + (i_21 >> 2u)][i_21 & 3];
        let i_23 = i_22 + k;
        let W_5 = floats[W_at + (i_23 >> 2u)][i_23 & 3];
        let i_24 = i_22 + i_16;
        let W_6 = floats[W_at + (i_24 >> 2u)][i_24 & 3];
        let i_25 = i_22 + i_18;
        let W_7 = floats[W_at + (i_25 >> 2u)][i_25 & 3];
        let i_26 = i_22 + i_20;
        let W_8 = floats[W_at + (i_26 >> 2u)][i_26 & 3];
        let i_28 = i_27 + k;
        let W_9 = floats[W_at + (i_28 >> 2u)][i_28 & 3];
        let i_29 = i_27 + i_16;
        let W_10 = floats[W_at + (i_29 >> 2u)][i_29 & 3];
        let i_30 = i_27 + i_18;
        let W_11 = floats[W_at + (i_30 >> 2u)][i_30 & 3];
        let i_31 = i_27 + i_20;
        let W_12 = floats[W_at + (i_31 >> 2u)][i_31 & 3];
        let i_33 = i_32 + k;
        let W_13 = floats[W_at + (i_33 >> 2u)][i_33 & 3];
        let i_34 = i_32 + i_16;
        let W_14 = floats[W_at + (i_34 >> 2u)][i_34 & 3];
        let i_35 = i_32 + i_18;
        let W_15 = floats[W_at + (i_35 >> 2u)][i_35 & 3];
        let i_36 = i_32 + i_20;
        let W_16 = floats[W_at + (i_36 >> 2u)][i_36 & 3];
        sum = sum + h.x * W + h.y * W_2 + h.z * W_3 + h.w * W_4;
        sum_2 = sum_2 + h.x * W_5 + h.y * W_6 + h.z * W_7 + h.w * W_8;
        sum_3 = sum_3 + h.x * W_9 + h.y * W_10 + h.z * W_11 + h.w * W_12;
        sum_4 = sum_4 + h.x * W_13 + h.y * W_14 + h.z * W_15 + h.w * W_16;
        sum_5 = sum_5 + h_2.x * W + h_2.y * W_2 + h_2.z * W_3 + h_2.w * W_4;
        sum_6 = sum_6 + h_2.x * W_5 + h_2.y * W_6 + h_2.z * W_7 + h_2.w * W_8;
        sum_7 = sum_7 + h_2.x * W_9 + h_2.y * W_10 + h_2.z * W_11 + h_2.w * W_12;
        sum_8 = sum_8 + h_2.x * W_13 + h_2.y * W_14 + h_2.z * W_15 + h_2.w * W_16;
        sum_9 = sum_9 + h_3.x * W + h_3.y * W_2 + h_3.z * W_3 + h_3.w * W_4;
        sum_10 = sum_10 + h_3.x * W_5 + h_3.y * W_6 + h_3.z * W_7 + h_3.w * W_8;
        sum_11 = sum_11 + h_3.x * W_9 + h_3.y * W_10 + h_3.z * W_11 + h_3.w * W_12;
        sum_12 = sum_12 + h_3.x * W_13 + h_3.y * W_14 + h_3.z * W_15 + h_3.w * W_16;
        sum_13 = sum_13 + h_4.x * W + h_4.y * W_2 + h_4.z * W_3 + h_4.w * W_4;
        sum_14 = sum_14 + h_4.x * W_5 + h_4.y * W_6 + h_4.z * W_7 + h_4.w * W_8;
        sum_15 = sum_15 + h_4.x * W_9 + h_4.y * W_10 + h_4.z * W_11 + h_4.w * W_12;
        sum_16 = sum_16 + h_4.x * W_13 + h_4.y * W_14 + h_4.z * W_15 + h_4.w * W_16;
      }
      tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
      tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
      tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
      tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
      for (var down = 0; down < 4; down++) {
        let row_8 = row + down;
        let i_39 = row_8 * (T * 4);
        let i_40 = i_38 + i_39;
        let i_41 = row_8 * 4;
        let i_42 = column + i_41;
        if (row_8 < B) {
          let product = tile[down];
          let add = floats[add_at + (i_40 >> 2u)];
          let add_2 = product.x + add.x;
          let tanh__2 = tanh_(add_2);
          let add_3 = product.y + add.y;
          let tanh_2 = tanh_(add_3);
          let add_4 = product.z + add.z;
          let tanh_3 = tanh_(add_4);
          let add_5 = product.w + add.w;
          let tanh_4 = tanh_(add_5);
          let tanh_5 = vec4<f32>(tanh__2, tanh_2, tanh_3, tanh_4);
          floats[tanh_at + (i_42 >> 2u)] = tanh_5;
        }
      }
    }
  }
}

// peak.step.2

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
}

fn maximum(x: f32, y: f32) -> f32 {
  let xBits = bitcast<i32>(x);
  let xRank = select(xBits, xBits ^ 2147483647, xBits < 0);
  let yBits = bitcast<i32>(y);
  let yRank = select(yBits, yBits ^ 2147483647, yBits < 0);
  return select(select(select(x, y, xRank < yRank), y, 2139095040 < (bitcast<i32>(y) & 2147483647)), x, 2139095040 < (bitcast<i32>(x) & 2147483647));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let tanh_at = i32(record[0].x);
  let U_at = i32(record[0].y);
  let top_at = i32(record[0].z);
  let bu_at = i32(record[0].w);
  let lengths_at = i32(record[1].x);
  let y_at = i32(record[1].y);
  let B = i32(record[1].z);
  let T = i32(record[1].w);
  let time_step = i32(moment.x);
  var tile: array<f32, 16>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // test.gate:6
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row + 1;
    let row_3 = min(row_2, B - 1);
    let row_4 = row + 2;
    let row_5 = min(row_4, B - 1);
    let row_6 = row + 3;
    let row_7 = min(row_6, B - 1);
    let column_2 = column + 1;
    let column_3 = min(column_2, 2);
    let column_4 = column + 2;
    let column_5 = min(column_4, 2);
    let column_6 = column + 3;
    let column_7 = min(column_6, 2);
    let i = row * 4;
    let i_3 = row_3 * 4;
    let i_5 = row_5 * 4;
    let i_7 = row_7 * 4;
    let i_9 = column * 4;
    let i_11 = column_3 * 4;
    let i_13 = column_5 * 4;
    let i_15 = column_7 * 4;
    let i_17 = time_step % 2 * (B * 3);
    let i_21 = (time_step + 1) % 2 * (B * 3);
    let i_24 = time_step * 7 + 4;
    if (row < B && column < 3) {
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
      for (var k = 0; k < 4; k += 4) {
        let i_2 = i + k;
        let tanh_ = load4_floats(tanh_at + i_2);
        let i_4 = i_3 + k;
        let tanh_2 = load4_floats(tanh_at + i_4);
        let i_6 = i_5 + k;
        let tanh_3 = load4_floats(tanh_at + i_6);
        let i_8 = i_7 + k;
        let tanh_4 = load4_floats(tanh_at + i_8);
        let i_10 = i_9 + k;
        let U = load4_floats(U_at + i_10);
        let i_12 = i_11 + k;
        let U_2 = load4_floats(U_at + i_12);
        let i_14 = i_13 + k;
        let U_3 = load4_floats(U_at + i_14);
        let i_16 = i_15 + k;
        let U_4 = load4_floats(U_at + i_16);
        sum = sum + tanh_.x * U.x + tanh_.y * U.y + tanh_.z * U.z + tanh_.w * U.w;
        sum_2 = sum_2 + tanh_.x * U_2.x + tanh_.y * U_2.y + tanh_.z * U_2.z + tanh_.w * U_2.w;
        sum_3 = sum_3 + tanh_.x * U_3.x + tanh_.y * U_3.y + tanh_.z * U_3.z + tanh_.w * U_3.w;
        sum_4 = sum_4 + tanh_.x * U_4.x + tanh_.y * U_4.y + tanh_.z * U_4.z + tanh_.w * U_4.w;
        sum_5 = sum_5 + tanh_2.x * U.x + tanh_2.y * U.y + tanh_2.z * U.z + tanh_2.w * U.w;
        sum_6 = sum_6 + tanh_2.x * U_2.x + tanh_2.y * U_2.y + tanh_2.z * U_2.z + tanh_2.w * U_2.w;
        sum_7 = sum_7 + tanh_2.x * U_3.x + tanh_2.y * U_3.y + tanh_2.z * U_3.z + tanh_2.w * U_3.w;
        sum_8 = sum_8 + tanh_2.x * U_4.x + tanh_2.y * U_4.y + tanh_2.z * U_4.z + tanh_2.w * U_4.w;
        sum_9 = sum_9 + tanh_3.x * U.x + tanh_3.y * U.y + tanh_3.z * U.z + tanh_3.w * U.w;
        sum_10 = sum_10 + tanh_3.x * U_2.x + tanh_3.y * U_2.y + tanh_3.z * U_2.z + tanh_3.w * U_2.w;
        sum_11 = sum_11 + tanh_3.x * U_3.x + tanh_3.y * U_3.y + tanh_3.z * U_3.z + tanh_3.w * U_3.w;
        sum_12 = sum_12 + tanh_3.x * U_4.x + tanh_3.y * U_4.y + tanh_3.z * U_4.z + tanh_3.w * U_4.w;
        sum_13 = sum_13 + tanh_4.x * U.x + tanh_4.y * U.y + tanh_4.z * U.z + tanh_4.w * U.w;
        sum_14 = sum_14 + tanh_4.x * U_2.x + tanh_4.y * U_2.y + tanh_4.z * U_2.z + tanh_4.w * U_2.w;
        sum_15 = sum_15 + tanh_4.x * U_3.x + tanh_4.y * U_3.y + tanh_4.z * U_3.z + tanh_4.w * U_3.w;
        sum_16 = sum_16 + tanh_4.x * U_4.x + tanh_4.y * U_4.y + tanh_4.z * U_4.z + tanh_4.w * U_4.w;
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
        let i_18 = row_8 * 3;
        let i_19 = i_17 + i_18;
        let i_22 = i_21 + i_18;
        let i_25 = row_8 * (T * 7);
        let i_26 = i_24 + i_25;
        for (var across = 0; across < 4; across++) {
          let column_8 = column + across;
          let i_20 = i_19 + column_8;
          let i_23 = i_22 + column_8;
          let i_27 = i_26 + column_8;
          if (row_8 < B && column_8 < 3) {
            let dot_ = tile[down * 4 + across];
            let top = floats[top_at + i_20];
            let bu = floats[bu_at + column_8];
            let add = dot_ + bu;
            let less = 0.0 < add;
            let select_ = select(0.0, add, less);
            let max_ = maximum(top, select_);
            let lengths = ints[lengths_at + row_8];
            let active_ = time_step < lengths;
            let max_2 = select(top, max_, active_);
            let max_3 = select(0.0, max_, active_);
            floats[top_at + i_23] = max_2;
            floats[y_at + i_27] = max_3;
          }
        }
      }
    }
  }
}

// peak.step.3

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
}

fn store4_floats(index4: i32, value4: vec4<f32>) {
  floats[index4] = value4.x;
  floats[index4 + 1] = value4.y;
  floats[index4 + 2] = value4.z;
  floats[index4 + 3] = value4.w;
}

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

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let top_at = i32(record[0].x);
  let G_at = i32(record[0].y);
  let p_at = i32(record[0].z);
  let h_at = i32(record[0].w);
  let tanh_at = i32(record[1].x);
  let bg_at = i32(record[1].y);
  let lengths_at = i32(record[1].z);
  let y_at = i32(record[1].w);
  let B = i32(record[2].x);
  let T = i32(record[2].y);
  let time_step = i32(moment.x);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // test.gate:7
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row + 1;
    let row_3 = min(row_2, B - 1);
    let row_4 = row + 2;
    let row_5 = min(row_4, B - 1);
    let row_6 = row + 3;
    let row_7 = min(row_6, B - 1);
    let i = (time_step + 1) % 2 * (B * 3);
    let i_2 = row * 3;
    let i_3 = i + i_2;
    let i_5 = row_3 * 3;
    let i_6 = i + i_5;
    let i_8 = row_5 * 3;
    let i_9 = i + i_8;
    let i_11 = row_7 * 3;
    let i_12 = i + i_11;
    let i_14 = column * 3;
    let i_16 = (column + 1) * 3;
    let i_18 = (column + 2) * 3;
    let i_20 = (column + 3) * 3;
    let i_22 = time_step % 2 * (B * 4);
    let i_23 = i_22 + column;
    let i_27 = (time_step + 1) % 2 * (B * 4);
    let i_28 = i_27 + column;
    let i_30 = time_step * 7;
    let i_31 = i_30 + column;
    let i_34 = column + 1;
    let i_35 = i_30 + i_34;
    let i_37 = column + 2;
    let i_38 = i_30 + i_37;
    let i_40 = column + 3;
    let i_41 = i_30 + i_40;
    if (row < B && column < 4) {
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
      for (var k = 0; k < 3; k++) {
        let i_4 = i_3 + k;
        let max_ = floats[top_at + i_4];
        let i_7 = i_6 + k;
        let max_2 = floats[top_at + i_7];
        let i_10 = i_9 + k;
        let max_3 = floats[top_at + i_10];
        let i_13 = i_12 + k;
        let max_4 = floats[top_at + i_13];
        let i_15 = i_14 + k;
        let G = floats[G_at + i_15];
        let i_17 = i_16 + k;
        let G_2 = floats[G_at + i_17];
        let i_19 = i_18 + k;
        let G_3 = floats[G_at + i_19];
        let i_21 = i_20 + k;
        let G_4 = floats[G_at + i_21];
        sum = sum + max_ * G;
        sum_2 = sum_2 + max_ * G_2;
        sum_3 = sum_3 + max_ * G_3;
        sum_4 = sum_4 + max_ * G_4;
        sum_5 = sum_5 + max_2 * G;
        sum_6 = sum_6 + max_2 * G_2;
        sum_7 = sum_7 + max_2 * G_3;
        sum_8 = sum_8 + max_2 * G_4;
        sum_9 = sum_9 + max_3 * G;
        sum_10 = sum_10 + max_3 * G_2;
        sum_11 = sum_11 + max_3 * G_3;
        sum_12 = sum_12 + max_3 * G_4;
        sum_13 = sum_13 + max_4 * G;
        sum_14 = sum_14 + max_4 * G_2;
        sum_15 = sum_15 + max_4 * G_3;
        sum_16 = sum_16 + max_4 * G_4;
      }
      tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
      tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
      tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
      tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
      for (var down = 0; down < 4; down++) {
        let row_8 = row + down;
        let i_24 = row_8 * 4;
        let i_25 = i_23 + i_24;
        let i_26 = column + i_24;
        let i_29 = i_28 + i_24;
        let i_32 = row_8 * (T * 7);
        let i_33 = i_31 + i_32;
        let i_36 = i_35 + i_32;
        let i_39 = i_38 + i_32;
        let i_42 = i_41 + i_32;
        if (row_8 < B) {
          let product = tile[down];
          let p = load4_floats(p_at + column);
          let h = load4_floats(h_at + i_25);
          let mul = p.x * h.x;
          let tanh_ = load4_floats(tanh_at + i_26);
          let bg = load4_floats(bg_at + column);
          let add = product.x + bg.x;
          let sigmoid_2 = sigmoid(add);
          let mul_2 = tanh_.x * sigmoid_2;
          let add_2 = mul + mul_2;
          let lengths = ints[lengths_at + row_8];
          let active_ = time_step < lengths;
          let add_3 = select(h.x, add_2, active_);
          let mul_3 = p.y * h.y;
          let add_4 = product.y + bg.y;
          let sigmoid_2_2 = sigmoid(add_4);
          let mul_4 = tanh_.y * sigmoid_2_2;
          let add_5 = mul_3 + mul_4;
          let add_6 = select(h.y, add_5, active_);
          let mul_5 = p.z * h.z;
          let add_7 = product.z + bg.z;
          let sigmoid_3 = sigmoid(add_7);
          let mul_6 = tanh_.z * sigmoid_3;
          let add_8 = mul_5 + mul_6;
          let add_9 = select(h.z, add_8, active_);
          let mul_7 = p.w * h.w;
          let add_10 = product.w + bg.w;
          let sigmoid_4 = sigmoid(add_10);
          let mul_8 = tanh_.w * sigmoid_4;
          let add_11 = mul_7 + mul_8;
          let add_12 = select(h.w, add_11, active_);
          let add_13 = vec4<f32>(add_3, add_6, add_9, add_12);
          let add_14 = select(0.0, add_2, active_);
          let add_15 = select(0.0, add_5, active_);
          let add_16 = select(0.0, add_8, active_);
          let add_17 = select(0.0, add_11, active_);
          store4_floats(h_at + i_29, add_13);
          floats[y_at + i_33] = add_14;
          floats[y_at + i_36] = add_15;
          floats[y_at + i_39] = add_16;
          floats[y_at + i_42] = add_17;
        }
      }
    }
  }
}

// select+copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let y_at = i32(record[0].y);
  let y_2_at = i32(record[0].z);
  let top_at = i32(record[0].w);
  let topn_at = i32(record[1].x);
  let B = i32(record[1].y);
  let T = i32(record[1].z);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * (T * 7) + 63) / 64 + (B * 3 + 63) / 64) {
    if (group < (B * (T * 7) + 63) / 64) {
      let part = group;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 7 / T;
      let at_2 = element / 7 % T;
      let at_3 = element % 7;
      let i = at * (T * 7);
      let i_2 = at_2 * 7;
      let i_3 = i + i_2 + at_3;
      if (element < B * (T * 7)) {
        let lengths = ints[lengths_at + at];
        let less = at_2 < lengths;
        let y = floats[y_at + i_3];
        let select_ = select(0.0, y, less);
        floats[y_2_at + i_3] = select_;
      }
    } else {
      let part = group - (B * (T * 7) + 63) / 64;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 3;
      let at_2 = element % 3;
      let i = T % 2 * (B * 3);
      let i_2 = at * 3;
      let i_3 = i + i_2 + at_2;
      let i_4 = i_2 + at_2;
      if (element < B * 3) {
        let top_final = floats[top_at + i_3];
        floats[topn_at + i_4] = top_final;
      }
    }
  }
}

// copy.2

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let h_at = i32(record[0].x >> 2u);
  let hn_at = i32(record[0].y >> 2u);
  let B = i32(record[0].z);
  let T = i32(record[0].w);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 63) / 64) {
    let quad = group * 64 + i32(invocation_id.x);
    let i = T % 2 * (B * 4);
    let i_2 = quad * 4;
    let i_3 = i + i_2;
    let i_4 = i + i_2 + 1;
    let i_5 = i + i_2 + 2;
    let i_6 = i + i_2 + 3;
    if (quad < B) {
      let h_final = floats[h_at + (i_3 >> 2u)][i_3 & 3];
      let h_final_2 = floats[h_at + (i_4 >> 2u)][i_4 & 3];
      let h_final_3 = floats[h_at + (i_5 >> 2u)][i_5 & 3];
      let h_final_4 = floats[h_at + (i_6 >> 2u)][i_6 & 3];
      let h_final_5 = vec4<f32>(h_final, h_final_2, h_final_3, h_final_4);
      floats[hn_at + (i_2 >> 2u)] = h_final_5;
    }
  }
}
