// gru.slice+2

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 4>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let Wu_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let Wr_at = i32(record[0].z);
  let Wc_at = i32(record[0].w);
  let bu_at = i32(record[1].x);
  let concat_2_at = i32(record[1].y);
  let br_at = i32(record[1].z);
  let bc_at = i32(record[1].w);
  let Wu_2_at = i32(record[2].x);
  let concat_3_at = i32(record[2].y);
  let Wr_2_at = i32(record[2].z);
  let Uc_at = i32(record[2].w);
  let c0_at = i32(record[3].x);
  let c_at = i32(record[3].y);
  let B = i32(record[3].z);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < 3 + (B * 5 + 63) / 64) {
    if (group < 1) {
      let part = group;
      // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
      // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
      // std/gru.gate:24  c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 3;
      let at_2 = element % 3;
      let i = at * 7;
      let i_2 = at_2 + 4;
      let i_3 = i + i_2;
      let i_4 = at * 3;
      let i_5 = i_4 + at_2;
      let i_6 = 12 + i_4 + at_2;
      let i_7 = 24 + i_4 + at_2;
      if (element < 12) {
        let Wu = floats[Wu_at + i_3];
        let Wr = floats[Wr_at + i_3];
        let Wc = floats[Wc_at + i_3];
        floats[concat_at + i_5] = Wu;
        floats[concat_at + i_6] = Wr;
        floats[concat_at + i_7] = Wc;
      }
    } else if (group < 2) {
      let part = group - 1;
      let element = part * 64 + i32(invocation_id.x);
      let i = 5 + element;
      let i_2 = 10 + element;
      if (element < 5) {
        let bu = floats[bu_at + element];
        let br = floats[br_at + element];
        let bc = floats[bc_at + element];
        floats[concat_2_at + element] = bu;
        floats[concat_2_at + i] = br;
        floats[concat_2_at + i_2] = bc;
      }
    } else if (group < 3) {
      let part = group - 2;
      // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
      // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = at * 9;
      let i_2 = i + at_2;
      let i_3 = at * 5;
      let i_4 = i_3 + at_2;
      let i_5 = 25 + i_3 + at_2;
      let i_6 = 50 + i_3 + at_2;
      if (element < 25) {
        let Wu = floats[Wu_2_at + i_2];
        let Wr = floats[Wr_2_at + i_2];
        let Uc = floats[Uc_at + i_4];
        floats[concat_3_at + i_4] = Wu;
        floats[concat_3_at + i_5] = Wr;
        floats[concat_3_at + i_6] = Uc;
      }
    } else {
      let part = group - 3;
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 5;
      let at_2 = element % 5;
      let i = at * 5;
      let i_2 = i + at_2;
      if (element < B * 5) {
        let c0 = floats[c0_at + i_2];
        floats[c_at + i_2] = c0;
      }
    }
  }
}

// copy+gru2.slice

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let bu_at = i32(record[0].x >> 2u);
  let concat_at = i32(record[0].y >> 2u);
  let br_at = i32(record[0].z >> 2u);
  let bc_at = i32(record[0].w >> 2u);
  let Wu_at = i32(record[1].x >> 2u);
  let concat_2_at = i32(record[1].y >> 2u);
  let Wr_at = i32(record[1].z >> 2u);
  let Wc_at = i32(record[1].w >> 2u);
  let c0_at = i32(record[2].x >> 2u);
  let c_at = i32(record[2].y >> 2u);
  let B = i32(record[2].z);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < 2 + (B + 63) / 64) {
    if (group < 1) {
      let part = group;
      let quad = part * 64 + i32(invocation_id.x);
      if (quad < 1) {
        let bu = floats[bu_at][0];
        let bu_2 = floats[bu_at][1];
        let bu_3 = floats[bu_at][2];
        let bu_4 = floats[bu_at][3];
        let bu_5 = vec4<f32>(bu, bu_2, bu_3, bu_4);
        let br = floats[br_at][0];
        let br_2 = floats[br_at][1];
        let br_3 = floats[br_at][2];
        let br_4 = floats[br_at][3];
        let br_5 = vec4<f32>(br, br_2, br_3, br_4);
        let bc = floats[bc_at][0];
        let bc_2 = floats[bc_at][1];
        let bc_3 = floats[bc_at][2];
        let bc_4 = floats[bc_at][3];
        let bc_5 = vec4<f32>(bc, bc_2, bc_3, bc_4);
        floats[concat_at] = bu_5;
        floats[concat_at + 1] = br_5;
        floats[concat_at + 2] = bc_5;
      }
    } else if (group < 2) {
      let part = group - 1;
      // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
      // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
      let quad = part * 64 + i32(invocation_id.x);
      let i = quad * 9;
      let i_2 = i + 5;
      let i_3 = i + 6;
      let i_4 = i + 7;
      let i_5 = i + 8;
      let i_6 = quad * 4;
      let i_7 = 20 + i_6;
      let i_8 = i_6 + 1;
      let i_9 = i_6 + 2;
      let i_10 = i_6 + 3;
      let i_11 = 40 + i_6;
      if (quad < 5) {
        let Wu = floats[Wu_at + (i_2 >> 2u)][i_2 & 3];
        let Wu_2 = floats[Wu_at + (i_3 >> 2u)][i_3 & 3];
        let Wu_3 = floats[Wu_at + (i_4 >> 2u)][i_4 & 3];
        let Wu_4 = floats[Wu_at + (i_5 >> 2u)][i_5 & 3];
        let slice = vec4<f32>(Wu, Wu_2, Wu_3, Wu_4);
        let Wr = floats[Wr_at + (i_2 >> 2u)][i_2 & 3];
        let Wr_2 = floats[Wr_at + (i_3 >> 2u)][i_3 & 3];
        let Wr_3 = floats[Wr_at + (i_4 >> 2u)][i_4 & 3];
        let Wr_4 = floats[Wr_at + (i_5 >> 2u)][i_5 & 3];
        let slice_2 = vec4<f32>(Wr, Wr_2, Wr_3, Wr_4);
        let Wc = floats[Wc_at + (i_6 >> 2u)][i_6 & 3];
        let Wc_2 = floats[Wc_at + (i_8 >> 2u)][i_8 & 3];
        let Wc_3 = floats[Wc_at + (i_9 >> 2u)][i_9 & 3];
        let Wc_4 = floats[Wc_at + (i_10 >> 2u)][i_10 & 3];
        let Wc_5 = vec4<f32>(Wc, Wc_2, Wc_3, Wc_4);
        floats[concat_2_at + (i_6 >> 2u)] = slice;
        floats[concat_2_at + (i_7 >> 2u)] = slice_2;
        floats[concat_2_at + (i_11 >> 2u)] = Wc_5;
      }
    } else {
      let part = group - 2;
      let quad = part * 64 + i32(invocation_id.x);
      let i = quad * 4;
      let i_2 = i + 1;
      let i_3 = i + 2;
      let i_4 = i + 3;
      if (quad < B) {
        let c0 = floats[c0_at + (i >> 2u)][i & 3];
        let c0_2 = floats[c0_at + (i_2 >> 2u)][i_2 & 3];
        let c0_3 = floats[c0_at + (i_3 >> 2u)][i_3 & 3];
        let c0_4 = floats[c0_at + (i_4 >> 2u)][i_4 & 3];
        let c0_5 = vec4<f32>(c0, c0_2, c0_3, c0_4);
        floats[c_at + (i >> 2u)] = c0_5;
      }
    }
  }
}

// gru.dot

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
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
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
    if (row < B * T && column < 12) {
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
        let i_25 = at * (T * 12);
        let i_26 = at_2 * 12;
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

// gru.step

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let c_at = i32(record[0].x >> 2u);
  let Wr_at = i32(record[0].y >> 2u);
  let Wu_at = i32(record[0].z >> 2u);
  let dot_at = i32(record[0].w >> 2u);
  let B = i32(record[1].x);
  let time_step = i32(moment.x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
    // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
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
    let i_14 = max(column - 4, 0) * 7;
    let i_16 = min(column, 3) * 7;
    let i_27 = max(column + 1 - 4, 0) * 7;
    let i_29 = min(column + 1, 3) * 7;
    let i_37 = max(column + 2 - 4, 0) * 7;
    let i_39 = min(column + 2, 3) * 7;
    let i_47 = max(column + 3 - 4, 0) * 7;
    let i_49 = min(column + 3, 3) * 7;
    let i_57 = row * 8;
    let i_58 = i_57 + column;
    let i_59 = row_3 * 8;
    let i_60 = i_59 + column;
    let i_61 = row_5 * 8;
    let i_62 = i_61 + column;
    let i_63 = row_7 * 8;
    let i_64 = i_63 + column;
    if (row < B && column < 8) {
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
        let c = floats[c_at + (i_4 >> 2u)];
        let i_7 = i_6 + k;
        let c_2 = floats[c_at + (i_7 >> 2u)];
        let i_10 = i_9 + k;
        let c_3 = floats[c_at + (i_10 >> 2u)];
        let i_13 = i_12 + k;
        let c_4 = floats[c_at + (i_13 >> 2u)];
        let i_15 = i_14 + k;
        let Wr = floats[Wr_at + (i_15 >> 2u)][i_15 & 3];
        let i_17 = i_16 + k;
        let Wu = floats[Wu_at + (i_17 >> 2u)][i_17 & 3];
        let concat = select(Wr, Wu, column < 4);
        let i_18 = k + 1;
        let i_19 = i_14 + i_18;
        let Wr_2 = floats[Wr_at + (i_19 >> 2u)][i_19 & 3];
        let i_20 = i_16 + i_18;
        let Wu_2 = floats[Wu_at + (i_20 >> 2u)][i_20 & 3];
        let concat_2 = select(Wr_2, Wu_2, column < 4);
        let i_21 = k + 2;
        let i_22 = i_14 + i_21;
        let Wr_3 = floats[Wr_at + (i_22 >> 2u)][i_22 & 3];
        let i_23 = i_16 + i_21;
        let Wu_3 = floats[Wu_at + (i_23 >> 2u)][i_23 & 3];
        let concat_3 = select(Wr_3, Wu_3, column < 4);
        let i_24 = k + 3;
        let i_25 = i_14 + i_24;
        let Wr_4 = floats[Wr_at + (i_25 >> 2u)][i_25 & 3];
        let i_26 = i_16 + i_24;
        let Wu_4 = floats[Wu_at + (i_26 >> 2u)][i_26 & 3];
        let concat_4 = select(Wr_4, Wu_4, column < 4);
        let i_28 = i_27 + k;
        let Wr_5 = floats[Wr_at + (i_28 >> 2u)][i_28 & 3];
        let i_30 = i_29 + k;
        let Wu_5 = floats[Wu_at + (i_30 >> 2u)][i_30 & 3];
        let concat_5 = select(Wr_5, Wu_5, column + 1 < 4);
        let i_31 = i_27 + i_18;
        let Wr_6 = floats[Wr_at + (i_31 >> 2u)][i_31 & 3];
        let i_32 = i_29 + i_18;
        let Wu_6 = floats[Wu_at + (i_32 >> 2u)][i_32 & 3];
        let concat_6 = select(Wr_6, Wu_6, column + 1 < 4);
        let i_33 = i_27 + i_21;
        let Wr_7 = floats[Wr_at + (i_33 >> 2u)][i_33 & 3];
        let i_34 = i_29 + i_21;
        let Wu_7 = floats[Wu_at + (i_34 >> 2u)][i_34 & 3];
        let concat_7 = select(Wr_7, Wu_7, column + 1 < 4);
        let i_35 = i_27 + i_24;
        let Wr_8 = floats[Wr_at + (i_35 >> 2u)][i_35 & 3];
        let i_36 = i_29 + i_24;
        let Wu_8 = floats[Wu_at + (i_36 >> 2u)][i_36 & 3];
        let concat_8 = select(Wr_8, Wu_8, column + 1 < 4);
        let i_38 = i_37 + k;
        let Wr_9 = floats[Wr_at + (i_38 >> 2u)][i_38 & 3];
        let i_40 = i_39 + k;
        let Wu_9 = floats[Wu_at + (i_40 >> 2u)][i_40 & 3];
        let concat_9 = select(Wr_9, Wu_9, column + 2 < 4);
        let i_41 = i_37 + i_18;
        let Wr_10 = floats[Wr_at + (i_41 >> 2u)][i_41 & 3];
        let i_42 = i_39 + i_18;
        let Wu_10 = floats[Wu_at + (i_42 >> 2u)][i_42 & 3];
        let concat_10 = select(Wr_10, Wu_10, column + 2 < 4);
        let i_43 = i_37 + i_21;
        let Wr_11 = floats[Wr_at + (i_43 >> 2u)][i_43 & 3];
        let i_44 = i_39 + i_21;
        let Wu_11 = floats[Wu_at + (i_44 >> 2u)][i_44 & 3];
        let concat_11 = select(Wr_11, Wu_11, column + 2 < 4);
        let i_45 = i_37 + i_24;
        let Wr_12 = floats[Wr_at + (i_45 >> 2u)][i_45 & 3];
        let i_46 = i_39 + i_24;
        let Wu_12 = floats[Wu_at + (i_46 >> 2u)][i_46 & 3];
        let concat_12 = select(Wr_12, Wu_12, column + 2 < 4);
        let i_48 = i_47 + k;
        let Wr_13 = floats[Wr_at + (i_48 >> 2u)][i_48 & 3];
        let i_50 = i_49 + k;
        let Wu_13 = floats[Wu_at + (i_50 >> 2u)][i_50 & 3];
        let concat_13 = select(Wr_13, Wu_13, column + 3 < 4);
        let i_51 = i_47 + i_18;
        let Wr_14 = floats[Wr_at + (i_51 >> 2u)][i_51 & 3];
        let i_52 = i_49 + i_18;
        let Wu_14 = floats[Wu_at + (i_52 >> 2u)][i_52 & 3];
        let concat_14 = select(Wr_14, Wu_14, column + 3 < 4);
        let i_53 = i_47 + i_21;
        let Wr_15 = floats[Wr_at + (i_53 >> 2u)][i_53 & 3];
        let i_54 = i_49 + i_21;
        let Wu_15 = floats[Wu_at + (i_54 >> 2u)][i_54 & 3];
        let concat_15 = select(Wr_15, Wu_15, column + 3 < 4);
        let i_55 = i_47 + i_24;
        let Wr_16 = floats[Wr_at + (i_55 >> 2u)][i_55 & 3];
        let i_56 = i_49 + i_24;
        let Wu_16 = floats[Wu_at + (i_56 >> 2u)][i_56 & 3];
        let concat_16 = select(Wr_16, Wu_16, column + 3 < 4);
        sum = sum + c.x * concat + c.y * concat_2 + c.z * concat_3 + c.w * concat_4;
        sum_2 = sum_2 + c.x * concat_5 + c.y * concat_6 + c.z * concat_7 + c.w * concat_8;
        sum_3 = sum_3 + c.x * concat_9 + c.y * concat_10 + c.z * concat_11 + c.w * concat_12;
        sum_4 = sum_4 + c.x * concat_13 + c.y * concat_14 + c.z * concat_15 + c.w * concat_16;
        sum_5 = sum_5 + c_2.x * concat + c_2.y * concat_2 + c_2.z * concat_3 + c_2.w * concat_4;
        sum_6 = sum_6 + c_2.x * concat_5 + c_2.y * concat_6 + c_2.z * concat_7 + c_2.w * concat_8;
        sum_7 = sum_7 + c_2.x * concat_9 + c_2.y * concat_10 + c_2.z * concat_11 + c_2.w * concat_12;
        sum_8 = sum_8 + c_2.x * concat_13 + c_2.y * concat_14 + c_2.z * concat_15 + c_2.w * concat_16;
        sum_9 = sum_9 + c_3.x * concat + c_3.y * concat_2 + c_3.z * concat_3 + c_3.w * concat_4;
        sum_10 = sum_10 + c_3.x * concat_5 + c_3.y * concat_6 + c_3.z * concat_7 + c_3.w * concat_8;
        sum_11 = sum_11 + c_3.x * concat_9 + c_3.y * concat_10 + c_3.z * concat_11 + c_3.w * concat_12;
        sum_12 = sum_12 + c_3.x * concat_13 + c_3.y * concat_14 + c_3.z * concat_15 + c_3.w * concat_16;
        sum_13 = sum_13 + c_4.x * concat + c_4.y * concat_2 + c_4.z * concat_3 + c_4.w * concat_4;
        sum_14 = sum_14 + c_4.x * concat_5 + c_4.y * concat_6 + c_4.z * concat_7 + c_4.w * concat_8;
        sum_15 = sum_15 + c_4.x * concat_9 + c_4.y * concat_10 + c_4.z * concat_11 + c_4.w * concat_12;
        sum_16 = sum_16 + c_4.x * concat_13 + c_4.y * concat_14 + c_4.z * concat_15 + c_4.w * concat_16;
      }
      let dot_ = vec4<f32>(sum, sum_2, sum_3, sum_4);
      floats[dot_at + (i_58 >> 2u)] = dot_;
      if (row_2 < B) {
        let dot_2 = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
        floats[dot_at + (i_60 >> 2u)] = dot_2;
      }
      if (row_4 < B) {
        let dot_3 = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
        floats[dot_at + (i_62 >> 2u)] = dot_3;
      }
      if (row_6 < B) {
        let dot_4 = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
        floats[dot_at + (i_64 >> 2u)] = dot_4;
      }
    }
  }
}

// gru.step.2

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

fn sigmoid(x: f32) -> f32 {
  let power = decay(abs(x));
  return select(1.0, power, x < 0.0) / (power + 1.0);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let dot_at = i32(record[0].x >> 2u);
  let add_at = i32(record[0].y >> 2u);
  let c_at = i32(record[0].z >> 2u);
  let mul_at = i32(record[0].w >> 2u);
  let B = i32(record[1].x);
  let T = i32(record[1].y);
  let time_step = i32(moment.x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 63) / 64) {
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
    // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
    // std/gru.gate:24  c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)
    let quad = group * 64 + i32(invocation_id.x);
    let i = quad * 8;
    let i_2 = i + 4;
    let i_3 = quad * (T * 12);
    let i_4 = time_step * 12;
    let i_5 = i_3 + i_4 + 4;
    let i_6 = time_step % 2 * (B * 4);
    let i_7 = quad * 4;
    let i_8 = i_6 + i_7;
    let i_9 = i + 5;
    let i_10 = i_3 + i_4 + 5;
    let i_11 = i_6 + i_7 + 1;
    let i_12 = i + 6;
    let i_13 = i_3 + i_4 + 6;
    let i_14 = i_6 + i_7 + 2;
    let i_15 = i + 7;
    let i_16 = i_3 + i_4 + 7;
    let i_17 = i_6 + i_7 + 3;
    if (quad < B) {
      let dot_ = floats[dot_at + (i_2 >> 2u)][i_2 & 3];
      let add = floats[add_at + (i_5 >> 2u)][i_5 & 3];
      let add_2 = dot_ + add;
      let sigmoid_2 = sigmoid(add_2);
      let c = floats[c_at + (i_8 >> 2u)][i_8 & 3];
      let mul = sigmoid_2 * c;
      let dot_2 = floats[dot_at + (i_9 >> 2u)][i_9 & 3];
      let add_3 = floats[add_at + (i_10 >> 2u)][i_10 & 3];
      let add_4 = dot_2 + add_3;
      let sigmoid_2_2 = sigmoid(add_4);
      let c_2 = floats[c_at + (i_11 >> 2u)][i_11 & 3];
      let mul_2 = sigmoid_2_2 * c_2;
      let dot_3 = floats[dot_at + (i_12 >> 2u)][i_12 & 3];
      let add_5 = floats[add_at + (i_13 >> 2u)][i_13 & 3];
      let add_6 = dot_3 + add_5;
      let sigmoid_3 = sigmoid(add_6);
      let c_3 = floats[c_at + (i_14 >> 2u)][i_14 & 3];
      let mul_3 = sigmoid_3 * c_3;
      let dot_4 = floats[dot_at + (i_15 >> 2u)][i_15 & 3];
      let add_7 = floats[add_at + (i_16 >> 2u)][i_16 & 3];
      let add_8 = dot_4 + add_7;
      let sigmoid_4 = sigmoid(add_8);
      let c_4 = floats[c_at + (i_17 >> 2u)][i_17 & 3];
      let mul_4 = sigmoid_4 * c_4;
      let mul_5 = vec4<f32>(mul, mul_2, mul_3, mul_4);
      floats[mul_at + (i_7 >> 2u)] = mul_5;
    }
  }
}

// gru.step.3

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;
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
  let mul_at = i32(record[0].x >> 2u);
  let Wc_at = i32(record[0].y >> 2u);
  let dot_at = i32(record[0].z >> 2u);
  let add_at = i32(record[0].w >> 2u);
  let c_at = i32(record[1].x >> 2u);
  let lengths_at = i32(record[1].y);
  let y_at = i32(record[1].z >> 2u);
  let B = i32(record[1].w);
  let T = i32(record[2].x);
  let time_step = i32(moment.x);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B + 31) / 32) {
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
    // std/gru.gate:24  c̃ = tanh(Wc[Γr * c<t-1>, x<t>] + bc)
    // std/gru.gate:26  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
    let column = i32(invocation_id.x) % 8 * 4;
    let row = group % ((B + 31) / 32) * 32 + i32(invocation_id.x) / 8 * 4;
    let row_2 = row + 1;
    let row_3 = min(row_2, B - 1);
    let row_4 = row + 2;
    let row_5 = min(row_4, B - 1);
    let row_6 = row + 3;
    let row_7 = min(row_6, B - 1);
    let i = row * 4;
    let i_3 = row_3 * 4;
    let i_5 = row_5 * 4;
    let i_7 = row_7 * 4;
    let i_9 = column * 7;
    let i_17 = (column + 1) * 7;
    let i_22 = (column + 2) * 7;
    let i_27 = (column + 3) * 7;
    let i_34 = time_step * 12;
    let i_35 = i_34 + column;
    let i_38 = column + 8;
    let i_39 = i_34 + i_38;
    let i_41 = time_step % 2 * (B * 4);
    let i_42 = i_41 + column;
    let i_45 = time_step * 4;
    let i_46 = i_45 + column;
    let i_49 = (time_step + 1) % 2 * (B * 4);
    let i_50 = i_49 + column;
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
        let i_2 = i + k;
        let mul = floats[mul_at + (i_2 >> 2u)];
        let i_4 = i_3 + k;
        let mul_2 = floats[mul_at + (i_4 >> 2u)];
        let i_6 = i_5 + k;
        let mul_3 = floats[mul_at + (i_6 >> 2u)];
        let i_8 = i_7 + k;
        let mul_4 = floats[mul_at + (i_8 >> 2u)];
        let i_10 = i_9 + k;
        let Wc = floats[Wc_at + (i_10 >> 2u)][i_10 & 3];
        let i_11 = k + 1;
        let i_12 = i_9 + i_11;
        let Wc_2 = floats[Wc_at + (i_12 >> 2u)][i_12 & 3];
        let i_13 = k + 2;
        let i_14 = i_9 + i_13;
        let Wc_3 = floats[Wc_at + (i_14 >> 2u)][i_14 & 3];
        let i_15 = k + 3;
        let i_16 = i_9 + i_15;
        let Wc_4 = floats[Wc_at + (i_16 >> 2u)][i_16 & 3];
        let i_18 = i_17 + k;
        let Wc_5 = floats[Wc_at + (i_18 >> 2u)][i_18 & 3];
        let i_19 = i_17 + i_11;
        let Wc_6 = floats[Wc_at + (i_19 >> 2u)][i_19 & 3];
        let i_20 = i_17 + i_13;
        let Wc_7 = floats[Wc_at + (i_20 >> 2u)][i_20 & 3];
        let i_21 = i_17 + i_15;
        let Wc_8 = floats[Wc_at + (i_21 >> 2u)][i_21 & 3];
        let i_23 = i_22 + k;
        let Wc_9 = floats[Wc_at + (i_23 >> 2u)][i_23 & 3];
        let i_24 = i_22 + i_11;
        let Wc_10 = floats[Wc_at + (i_24 >> 2u)][i_24 & 3];
        let i_25 = i_22 + i_13;
        let Wc_11 = floats[Wc_at + (i_25 >> 2u)][i_25 & 3];
        let i_26 = i_22 + i_15;
        let Wc_12 = floats[Wc_at + (i_26 >> 2u)][i_26 & 3];
        let i_28 = i_27 + k;
        let Wc_13 = floats[Wc_at + (i_28 >> 2u)][i_28 & 3];
        let i_29 = i_27 + i_11;
        let Wc_14 = floats[Wc_at + (i_29 >> 2u)][i_29 & 3];
        let i_30 = i_27 + i_13;
        let Wc_15 = floats[Wc_at + (i_30 >> 2u)][i_30 & 3];
        let i_31 = i_27 + i_15;
        let Wc_16 = floats[Wc_at + (i_31 >> 2u)][i_31 & 3];
        sum = sum + mul.x * Wc + mul.y * Wc_2 + mul.z * Wc_3 + mul.w * Wc_4;
        sum_2 = sum_2 + mul.x * Wc_5 + mul.y * Wc_6 + mul.z * Wc_7 + mul.w * Wc_8;
        sum_3 = sum_3 + mul.x * Wc_9 + mul.y * Wc_10 + mul.z * Wc_11 + mul.w * Wc_12;
        sum_4 = sum_4 + mul.x * Wc_13 + mul.y * Wc_14 + mul.z * Wc_15 + mul.w * Wc_16;
        sum_5 = sum_5 + mul_2.x * Wc + mul_2.y * Wc_2 + mul_2.z * Wc_3 + mul_2.w * Wc_4;
        sum_6 = sum_6 + mul_2.x * Wc_5 + mul_2.y * Wc_6 + mul_2.z * Wc_7 + mul_2.w * Wc_8;
        sum_7 = sum_7 + mul_2.x * Wc_9 + mul_2.y * Wc_10 + mul_2.z * Wc_11 + mul_2.w * Wc_12;
        sum_8 = sum_8 + mul_2.x * Wc_13 + mul_2.y * Wc_14 + mul_2.z * Wc_15 + mul_2.w * Wc_16;
        sum_9 = sum_9 + mul_3.x * Wc + mul_3.y * Wc_2 + mul_3.z * Wc_3 + mul_3.w * Wc_4;
        sum_10 = sum_10 + mul_3.x * Wc_5 + mul_3.y * Wc_6 + mul_3.z * Wc_7 + mul_3.w * Wc_8;
        sum_11 = sum_11 + mul_3.x * Wc_9 + mul_3.y * Wc_10 + mul_3.z * Wc_11 + mul_3.w * Wc_12;
        sum_12 = sum_12 + mul_3.x * Wc_13 + mul_3.y * Wc_14 + mul_3.z * Wc_15 + mul_3.w * Wc_16;
        sum_13 = sum_13 + mul_4.x * Wc + mul_4.y * Wc_2 + mul_4.z * Wc_3 + mul_4.w * Wc_4;
        sum_14 = sum_14 + mul_4.x * Wc_5 + mul_4.y * Wc_6 + mul_4.z * Wc_7 + mul_4.w * Wc_8;
        sum_15 = sum_15 + mul_4.x * Wc_9 + mul_4.y * Wc_10 + mul_4.z * Wc_11 + mul_4.w * Wc_12;
        sum_16 = sum_16 + mul_4.x * Wc_13 + mul_4.y * Wc_14 + mul_4.z * Wc_15 + mul_4.w * Wc_16;
      }
      tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
      tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
      tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
      tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
      for (var down = 0; down < 4; down++) {
        let row_8 = row + down;
        let i_32 = row_8 * 8;
        let i_33 = column + i_32;
        let i_36 = row_8 * (T * 12);
        let i_37 = i_35 + i_36;
        let i_40 = i_39 + i_36;
        let i_43 = row_8 * 4;
        let i_44 = i_42 + i_43;
        let i_47 = row_8 * (T * 4);
        let i_48 = i_46 + i_47;
        let i_51 = i_50 + i_43;
        if (row_8 < B) {
          let product = tile[down];
          let dot_ = floats[dot_at + (i_33 >> 2u)];
          let add = floats[add_at + (i_37 >> 2u)];
          let add_2 = dot_.x + add.x;
          let sigmoid_2 = sigmoid(add_2);
          let add_3 = floats[add_at + (i_40 >> 2u)];
          let add_4 = product.x + add_3.x;
          let tanh__2 = tanh_(add_4);
          let mul_5 = sigmoid_2 * tanh__2;
          let sub = 1.0 - sigmoid_2;
          let c = floats[c_at + (i_44 >> 2u)];
          let mul_6 = sub * c.x;
          let add_5 = mul_5 + mul_6;
          let lengths = ints[lengths_at + row_8];
          let active_ = time_step < lengths;
          let add_6 = select(0.0, add_5, active_);
          let add_7 = dot_.y + add.y;
          let sigmoid_2_2 = sigmoid(add_7);
          let add_8 = product.y + add_3.y;
          let tanh_2 = tanh_(add_8);
          let mul_7 = sigmoid_2_2 * tanh_2;
          let sub_2 = 1.0 - sigmoid_2_2;
          let mul_8 = sub_2 * c.y;
          let add_9 = mul_7 + mul_8;
          let add_10 = select(0.0, add_9, active_);
          let add_11 = dot_.z + add.z;
          let sigmoid_3 = sigmoid(add_11);
          let add_12 = product.z + add_3.z;
          let tanh_3 = tanh_(add_12);
          let mul_9 = sigmoid_3 * tanh_3;
          let sub_3 = 1.0 - sigmoid_3;
          let mul_10 = sub_3 * c.z;
          let add_13 = mul_9 + mul_10;
          let add_14 = select(0.0, add_13, active_);
          let add_15 = dot_.w + add.w;
          let sigmoid_4 = sigmoid(add_15);
          let add_16 = product.w + add_3.w;
          let tanh_4 = tanh_(add_16);
          let mul_11 = sigmoid_4 * tanh_4;
          let sub_4 = 1.0 - sigmoid_4;
          let mul_12 = sub_4 * c.w;
          let add_17 = mul_11 + mul_12;
          let add_18 = select(0.0, add_17, active_);
          let add_19 = vec4<f32>(add_6, add_10, add_14, add_18);
          let add_20 = select(c.x, add_5, active_);
          let add_21 = select(c.y, add_9, active_);
          let add_22 = select(c.z, add_13, active_);
          let add_23 = select(c.w, add_17, active_);
          let add_24 = vec4<f32>(add_20, add_21, add_22, add_23);
          floats[y_at + (i_48 >> 2u)] = add_19;
          floats[c_at + (i_51 >> 2u)] = add_24;
        }
      }
    }
  }
}

// gru2.dot

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let y_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let concat_2_at = i32(record[0].z);
  let add_at = i32(record[0].w);
  let B = i32(record[1].x);
  let T = i32(record[1].y);
  var tile: array<f32, 16>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32) {
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
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
    let column_2 = column + 1;
    let column_3 = min(column_2, 14);
    let column_4 = column + 2;
    let column_5 = min(column_4, 14);
    let column_6 = column + 3;
    let column_7 = min(column_6, 14);
    let i = row_2 * (T * 4);
    let i_2 = row_3 * 4;
    let i_3 = i + i_2;
    let i_5 = row_6 * (T * 4);
    let i_6 = row_7 * 4;
    let i_7 = i_5 + i_6;
    let i_9 = row_10 * (T * 4);
    let i_10 = row_11 * 4;
    let i_11 = i_9 + i_10;
    let i_13 = row_14 * (T * 4);
    let i_14 = row_15 * 4;
    let i_15 = i_13 + i_14;
    let i_17 = column * 4;
    let i_19 = column_3 * 4;
    let i_21 = column_5 * 4;
    let i_23 = column_7 * 4;
    if (row < B * T && column < 15) {
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
        let y = load4_floats(y_at + i_4);
        let i_8 = i_7 + k;
        let y_2 = load4_floats(y_at + i_8);
        let i_12 = i_11 + k;
        let y_3 = load4_floats(y_at + i_12);
        let i_16 = i_15 + k;
        let y_4 = load4_floats(y_at + i_16);
        let i_18 = i_17 + k;
        let concat = load4_floats(concat_at + i_18);
        let i_20 = i_19 + k;
        let concat_2 = load4_floats(concat_at + i_20);
        let i_22 = i_21 + k;
        let concat_3 = load4_floats(concat_at + i_22);
        let i_24 = i_23 + k;
        let concat_4 = load4_floats(concat_at + i_24);
        sum = sum + y.x * concat.x + y.y * concat.y + y.z * concat.z + y.w * concat.w;
        sum_2 = sum_2 + y.x * concat_2.x + y.y * concat_2.y + y.z * concat_2.z + y.w * concat_2.w;
        sum_3 = sum_3 + y.x * concat_3.x + y.y * concat_3.y + y.z * concat_3.z + y.w * concat_3.w;
        sum_4 = sum_4 + y.x * concat_4.x + y.y * concat_4.y + y.z * concat_4.z + y.w * concat_4.w;
        sum_5 = sum_5 + y_2.x * concat.x + y_2.y * concat.y + y_2.z * concat.z + y_2.w * concat.w;
        sum_6 = sum_6 + y_2.x * concat_2.x + y_2.y * concat_2.y + y_2.z * concat_2.z + y_2.w * concat_2.w;
        sum_7 = sum_7 + y_2.x * concat_3.x + y_2.y * concat_3.y + y_2.z * concat_3.z + y_2.w * concat_3.w;
        sum_8 = sum_8 + y_2.x * concat_4.x + y_2.y * concat_4.y + y_2.z * concat_4.z + y_2.w * concat_4.w;
        sum_9 = sum_9 + y_3.x * concat.x + y_3.y * concat.y + y_3.z * concat.z + y_3.w * concat.w;
        sum_10 = sum_10 + y_3.x * concat_2.x + y_3.y * concat_2.y + y_3.z * concat_2.z + y_3.w * concat_2.w;
        sum_11 = sum_11 + y_3.x * concat_3.x + y_3.y * concat_3.y + y_3.z * concat_3.z + y_3.w * concat_3.w;
        sum_12 = sum_12 + y_3.x * concat_4.x + y_3.y * concat_4.y + y_3.z * concat_4.z + y_3.w * concat_4.w;
        sum_13 = sum_13 + y_4.x * concat.x + y_4.y * concat.y + y_4.z * concat.z + y_4.w * concat.w;
        sum_14 = sum_14 + y_4.x * concat_2.x + y_4.y * concat_2.y + y_4.z * concat_2.z + y_4.w * concat_2.w;
        sum_15 = sum_15 + y_4.x * concat_3.x + y_4.y * concat_3.y + y_4.z * concat_3.z + y_4.w * concat_3.w;
        sum_16 = sum_16 + y_4.x * concat_4.x + y_4.y * concat_4.y + y_4.z * concat_4.z + y_4.w * concat_4.w;
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
        let i_25 = at * (T * 15);
        let i_26 = at_2 * 15;
        let i_27 = i_25 + i_26;
        for (var across = 0; across < 4; across++) {
          let column_8 = column + across;
          let i_28 = i_27 + column_8;
          if (row_16 < B * T && column_8 < 15) {
            let dot_ = tile[down * 4 + across];
            let concat_5 = floats[concat_2_at + column_8];
            let add = dot_ + concat_5;
            floats[add_at + i_28] = add;
          }
        }
      }
    }
  }
}

// copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let c_at = i32(record[0].x >> 2u);
  let cn_at = i32(record[0].y >> 2u);
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
      let c_final = floats[c_at + (i_3 >> 2u)][i_3 & 3];
      let c_final_2 = floats[c_at + (i_4 >> 2u)][i_4 & 3];
      let c_final_3 = floats[c_at + (i_5 >> 2u)][i_5 & 3];
      let c_final_4 = floats[c_at + (i_6 >> 2u)][i_6 & 3];
      let c_final_5 = vec4<f32>(c_final, c_final_2, c_final_3, c_final_4);
      floats[cn_at + (i_2 >> 2u)] = c_final_5;
    }
  }
}

// gru2.step

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
  let c_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let add_at = i32(record[0].z);
  let bh_at = i32(record[0].w);
  let lengths_at = i32(record[1].x);
  let y_at = i32(record[1].y);
  let B = i32(record[1].z);
  let T = i32(record[1].w);
  let time_step = i32(moment.x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * 5 + 63) / 64) {
    // std/gru.gate:18  Γu = σ(Wu[c<t-1>, x<t>] + bu)
    // std/gru.gate:19  Γr = σ(Wr[c<t-1>, x<t>] + br)
    // std/gru.gate:22  c̃ = tanh(Wc[x<t>] + bc + Γr * (Uc[c<t-1>] + bh))
    // std/gru.gate:26  c<t> = Γu * c̃ + (1 - Γu) * c<t-1>
    let element = group * 64 + i32(invocation_id.x);
    let at = element / 5;
    let at_2 = element % 5;
    let i = time_step % 2 * (B * 5);
    let i_2 = at * 5;
    let i_3 = i + i_2;
    let i_5 = at_2 * 5;
    let i_7 = at * (T * 15);
    let i_8 = time_step * 15;
    let i_9 = i_7 + i_8 + at_2;
    let i_10 = at_2 + 10;
    let i_11 = i_7 + i_8 + i_10;
    let i_13 = (at_2 + 5) * 5;
    let i_15 = at_2 + 5;
    let i_16 = i_7 + i_8 + i_15;
    let i_18 = (at_2 + 10) * 5;
    let i_20 = i + i_2 + at_2;
    let i_21 = time_step * 5;
    let i_22 = at * (T * 5);
    let i_23 = i_21 + i_22 + at_2;
    let i_24 = (time_step + 1) % 2 * (B * 5);
    let i_25 = i_24 + i_2 + at_2;
    if (element < B * 5) {
      var dot_sum = 0.0;
      var dot_sum_2 = 0.0;
      var dot_sum_3 = 0.0;
      for (var k = 0; k < 5; k++) {
        let i_4 = i_3 + k;
        let c = floats[c_at + i_4];
        let i_6 = i_5 + k;
        let concat = floats[concat_at + i_6];
        dot_sum = dot_sum + c * concat;
        let i_14 = i_13 + k;
        let concat_2 = floats[concat_at + i_14];
        dot_sum_2 = dot_sum_2 + c * concat_2;
        let i_19 = i_18 + k;
        let concat_3 = floats[concat_at + i_19];
        dot_sum_3 = dot_sum_3 + c * concat_3;
      }
      let add = floats[add_at + i_9];
      let add_2 = dot_sum + add;
      let sigmoid_2 = sigmoid(add_2);
      let add_3 = floats[add_at + i_11];
      let add_4 = floats[add_at + i_16];
      let add_5 = dot_sum_2 + add_4;
      let sigmoid_2_2 = sigmoid(add_5);
      let bh = floats[bh_at + at_2];
      let add_6 = dot_sum_3 + bh;
      let mul = sigmoid_2_2 * add_6;
      let add_7 = add_3 + mul;
      let tanh__2 = tanh_(add_7);
      let mul_2 = sigmoid_2 * tanh__2;
      let sub = 1.0 - sigmoid_2;
      let c_4 = floats[c_at + i_20];
      let mul_3 = sub * c_4;
      let add_8 = mul_2 + mul_3;
      let lengths = ints[lengths_at + at];
      let active_ = time_step < lengths;
      let add_9 = select(0.0, add_8, active_);
      let add_10 = select(c_4, add_8, active_);
      floats[y_at + i_23] = add_9;
      floats[c_at + i_25] = add_10;
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
  let c_at = i32(record[0].w);
  let cn_at = i32(record[1].x);
  let B = i32(record[1].y);
  let T = i32(record[1].z);

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
        let c_final = floats[c_at + i_3];
        floats[cn_at + i_4] = c_final;
      }
    }
  }
}
