// lstm.forward.slice+embed.gather

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 4>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let Wc_at = i32(record[0].x);
  let concat_at = i32(record[0].y);
  let Wu_at = i32(record[0].z);
  let Wf_at = i32(record[0].w);
  let Wo_at = i32(record[1].x);
  let Wc_2_at = i32(record[1].y);
  let concat_2_at = i32(record[1].z);
  let Wu_2_at = i32(record[1].w);
  let Wf_2_at = i32(record[2].x);
  let Wo_2_at = i32(record[2].y);
  let lengths_at = i32(record[2].z);
  let text_at = i32(record[2].w);
  let E_at = i32(record[3].x);
  let gather_at = i32(record[3].y);
  let B = i32(record[3].z);
  let T = i32(record[3].w);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < 1 + (B * (T * 3) + 63) / 64) {
    if (group < 1) {
      let part = group;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
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
      let i_8 = 36 + i_4 + at_2;
      if (element < 12) {
        let Wc = floats[Wc_at + i_3];
        let Wu = floats[Wu_at + i_3];
        let Wf = floats[Wf_at + i_3];
        let Wo = floats[Wo_at + i_3];
        let Wc_2 = floats[Wc_2_at + i_3];
        let Wu_2 = floats[Wu_2_at + i_3];
        let Wf_2 = floats[Wf_2_at + i_3];
        let Wo_2 = floats[Wo_2_at + i_3];
        floats[concat_at + i_5] = Wc;
        floats[concat_at + i_6] = Wu;
        floats[concat_at + i_7] = Wf;
        floats[concat_at + i_8] = Wo;
        floats[concat_2_at + i_5] = Wc_2;
        floats[concat_2_at + i_6] = Wu_2;
        floats[concat_2_at + i_7] = Wf_2;
        floats[concat_2_at + i_8] = Wo_2;
      }
    } else {
      let part = group - 1;
      // std/layers.gate:35  emit lookup(E, x)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 3 / T;
      let at_2 = element / 3 % T;
      let at_3 = element % 3;
      let i = at * T;
      let i_2 = i + at_2;
      let i_5 = at * (T * 3);
      let i_6 = at_2 * 3;
      let i_7 = i_5 + i_6 + at_3;
      if (element < B * (T * 3)) {
        let lengths = ints[lengths_at + at];
        let less = at_2 < lengths;
        let text = ints[text_at + i_2];
        let select_ = select(0, text, less);
        let i_3 = max(min(select_, 10), 0) * 3;
        let i_4 = at_3 + i_3;
        let E = floats[E_at + i_4];
        floats[gather_at + i_7] = E;
      }
    }
  }
}

// copy+lstm.forward.slice

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 8>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let bc_at = i32(record[0].x >> 2u);
  let concat_at = i32(record[0].y >> 2u);
  let bu_at = i32(record[0].z >> 2u);
  let bf_at = i32(record[0].w >> 2u);
  let bo_at = i32(record[1].x >> 2u);
  let bc_2_at = i32(record[1].y >> 2u);
  let concat_2_at = i32(record[1].z >> 2u);
  let bu_2_at = i32(record[1].w >> 2u);
  let bf_2_at = i32(record[2].x >> 2u);
  let bo_2_at = i32(record[2].y >> 2u);
  let Wc_at = i32(record[2].z >> 2u);
  let concat_3_at = i32(record[2].w >> 2u);
  let Wu_at = i32(record[3].x >> 2u);
  let Wf_at = i32(record[3].y >> 2u);
  let Wo_at = i32(record[3].z >> 2u);
  let Wc_2_at = i32(record[3].w >> 2u);
  let concat_4_at = i32(record[4].x >> 2u);
  let Wu_2_at = i32(record[4].y >> 2u);
  let Wf_2_at = i32(record[4].z >> 2u);
  let Wo_2_at = i32(record[4].w >> 2u);
  let a0_at = i32(record[5].x >> 2u);
  let a_at = i32(record[5].y >> 2u);
  let c0_at = i32(record[5].z >> 2u);
  let c_at = i32(record[5].w >> 2u);
  let a0_2_at = i32(record[6].x >> 2u);
  let a_2_at = i32(record[6].y >> 2u);
  let c0_2_at = i32(record[6].z >> 2u);
  let c_2_at = i32(record[6].w >> 2u);
  let B = i32(record[7].x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < 2 + (B + 63) / 64) {
    if (group < 1) {
      let part = group;
      let quad = part * 64 + i32(invocation_id.x);
      if (quad < 1) {
        let bc = floats[bc_at][0];
        let bc_2 = floats[bc_at][1];
        let bc_3 = floats[bc_at][2];
        let bc_4 = floats[bc_at][3];
        let bc_5 = vec4<f32>(bc, bc_2, bc_3, bc_4);
        let bu = floats[bu_at][0];
        let bu_2 = floats[bu_at][1];
        let bu_3 = floats[bu_at][2];
        let bu_4 = floats[bu_at][3];
        let bu_5 = vec4<f32>(bu, bu_2, bu_3, bu_4);
        let bf = floats[bf_at][0];
        let bf_2 = floats[bf_at][1];
        let bf_3 = floats[bf_at][2];
        let bf_4 = floats[bf_at][3];
        let bf_5 = vec4<f32>(bf, bf_2, bf_3, bf_4);
        let bo = floats[bo_at][0];
        let bo_2 = floats[bo_at][1];
        let bo_3 = floats[bo_at][2];
        let bo_4 = floats[bo_at][3];
        let bo_5 = vec4<f32>(bo, bo_2, bo_3, bo_4);
        let bc_6 = floats[bc_2_at][0];
        let bc_7 = floats[bc_2_at][1];
        let bc_8 = floats[bc_2_at][2];
        let bc_9 = floats[bc_2_at][3];
        let bc_10 = vec4<f32>(bc_6, bc_7, bc_8, bc_9);
        let bu_6 = floats[bu_2_at][0];
        let bu_7 = floats[bu_2_at][1];
        let bu_8 = floats[bu_2_at][2];
        let bu_9 = floats[bu_2_at][3];
        let bu_10 = vec4<f32>(bu_6, bu_7, bu_8, bu_9);
        let bf_6 = floats[bf_2_at][0];
        let bf_7 = floats[bf_2_at][1];
        let bf_8 = floats[bf_2_at][2];
        let bf_9 = floats[bf_2_at][3];
        let bf_10 = vec4<f32>(bf_6, bf_7, bf_8, bf_9);
        let bo_6 = floats[bo_2_at][0];
        let bo_7 = floats[bo_2_at][1];
        let bo_8 = floats[bo_2_at][2];
        let bo_9 = floats[bo_2_at][3];
        let bo_10 = vec4<f32>(bo_6, bo_7, bo_8, bo_9);
        floats[concat_at] = bc_5;
        floats[concat_at + 1] = bu_5;
        floats[concat_at + 2] = bf_5;
        floats[concat_at + 3] = bo_5;
        floats[concat_2_at] = bc_10;
        floats[concat_2_at + 1] = bu_10;
        floats[concat_2_at + 2] = bf_10;
        floats[concat_2_at + 3] = bo_10;
      }
    } else if (group < 2) {
      let part = group - 1;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
      let quad = part * 64 + i32(invocation_id.x);
      let i = quad * 7;
      let i_2 = i + 1;
      let i_3 = i + 2;
      let i_4 = i + 3;
      let i_5 = quad * 4;
      let i_6 = 16 + i_5;
      let i_7 = 32 + i_5;
      let i_8 = 48 + i_5;
      if (quad < 4) {
        let Wc = floats[Wc_at + (i >> 2u)][i & 3];
        let Wc_2 = floats[Wc_at + (i_2 >> 2u)][i_2 & 3];
        let Wc_3 = floats[Wc_at + (i_3 >> 2u)][i_3 & 3];
        let Wc_4 = floats[Wc_at + (i_4 >> 2u)][i_4 & 3];
        let slice = vec4<f32>(Wc, Wc_2, Wc_3, Wc_4);
        let Wu = floats[Wu_at + (i >> 2u)][i & 3];
        let Wu_2 = floats[Wu_at + (i_2 >> 2u)][i_2 & 3];
        let Wu_3 = floats[Wu_at + (i_3 >> 2u)][i_3 & 3];
        let Wu_4 = floats[Wu_at + (i_4 >> 2u)][i_4 & 3];
        let slice_2 = vec4<f32>(Wu, Wu_2, Wu_3, Wu_4);
        let Wf = floats[Wf_at + (i >> 2u)][i & 3];
        let Wf_2 = floats[Wf_at + (i_2 >> 2u)][i_2 & 3];
        let Wf_3 = floats[Wf_at + (i_3 >> 2u)][i_3 & 3];
        let Wf_4 = floats[Wf_at + (i_4 >> 2u)][i_4 & 3];
        let slice_3 = vec4<f32>(Wf, Wf_2, Wf_3, Wf_4);
        let Wo = floats[Wo_at + (i >> 2u)][i & 3];
        let Wo_2 = floats[Wo_at + (i_2 >> 2u)][i_2 & 3];
        let Wo_3 = floats[Wo_at + (i_3 >> 2u)][i_3 & 3];
        let Wo_4 = floats[Wo_at + (i_4 >> 2u)][i_4 & 3];
        let slice_4 = vec4<f32>(Wo, Wo_2, Wo_3, Wo_4);
        let Wc_5 = floats[Wc_2_at + (i >> 2u)][i & 3];
        let Wc_6 = floats[Wc_2_at + (i_2 >> 2u)][i_2 & 3];
        let Wc_7 = floats[Wc_2_at + (i_3 >> 2u)][i_3 & 3];
        let Wc_8 = floats[Wc_2_at + (i_4 >> 2u)][i_4 & 3];
        let slice_5 = vec4<f32>(Wc_5, Wc_6, Wc_7, Wc_8);
        let Wu_5 = floats[Wu_2_at + (i >> 2u)][i & 3];
        let Wu_6 = floats[Wu_2_at + (i_2 >> 2u)][i_2 & 3];
        let Wu_7 = floats[Wu_2_at + (i_3 >> 2u)][i_3 & 3];
        let Wu_8 = floats[Wu_2_at + (i_4 >> 2u)][i_4 & 3];
        let slice_6 = vec4<f32>(Wu_5, Wu_6, Wu_7, Wu_8);
        let Wf_5 = floats[Wf_2_at + (i >> 2u)][i & 3];
        let Wf_6 = floats[Wf_2_at + (i_2 >> 2u)][i_2 & 3];
        let Wf_7 = floats[Wf_2_at + (i_3 >> 2u)][i_3 & 3];
        let Wf_8 = floats[Wf_2_at + (i_4 >> 2u)][i_4 & 3];
        let slice_7 = vec4<f32>(Wf_5, Wf_6, Wf_7, Wf_8);
        let Wo_5 = floats[Wo_2_at + (i >> 2u)][i & 3];
        let Wo_6 = floats[Wo_2_at + (i_2 >> 2u)][i_2 & 3];
        let Wo_7 = floats[Wo_2_at + (i_3 >> 2u)][i_3 & 3];
        let Wo_8 = floats[Wo_2_at + (i_4 >> 2u)][i_4 & 3];
        let slice_8 = vec4<f32>(Wo_5, Wo_6, Wo_7, Wo_8);
        floats[concat_3_at + (i_5 >> 2u)] = slice;
        floats[concat_3_at + (i_6 >> 2u)] = slice_2;
        floats[concat_3_at + (i_7 >> 2u)] = slice_3;
        floats[concat_3_at + (i_8 >> 2u)] = slice_4;
        floats[concat_4_at + (i_5 >> 2u)] = slice_5;
        floats[concat_4_at + (i_6 >> 2u)] = slice_6;
        floats[concat_4_at + (i_7 >> 2u)] = slice_7;
        floats[concat_4_at + (i_8 >> 2u)] = slice_8;
      }
    } else {
      let part = group - 2;
      let quad = part * 64 + i32(invocation_id.x);
      let i = quad * 4;
      let i_2 = i + 1;
      let i_3 = i + 2;
      let i_4 = i + 3;
      if (quad < B) {
        let a0 = floats[a0_at + (i >> 2u)][i & 3];
        let a0_2 = floats[a0_at + (i_2 >> 2u)][i_2 & 3];
        let a0_3 = floats[a0_at + (i_3 >> 2u)][i_3 & 3];
        let a0_4 = floats[a0_at + (i_4 >> 2u)][i_4 & 3];
        let a0_5 = vec4<f32>(a0, a0_2, a0_3, a0_4);
        let c0 = floats[c0_at + (i >> 2u)][i & 3];
        let c0_2 = floats[c0_at + (i_2 >> 2u)][i_2 & 3];
        let c0_3 = floats[c0_at + (i_3 >> 2u)][i_3 & 3];
        let c0_4 = floats[c0_at + (i_4 >> 2u)][i_4 & 3];
        let c0_5 = vec4<f32>(c0, c0_2, c0_3, c0_4);
        let a0_6 = floats[a0_2_at + (i >> 2u)][i & 3];
        let a0_7 = floats[a0_2_at + (i_2 >> 2u)][i_2 & 3];
        let a0_8 = floats[a0_2_at + (i_3 >> 2u)][i_3 & 3];
        let a0_9 = floats[a0_2_at + (i_4 >> 2u)][i_4 & 3];
        let a0_10 = vec4<f32>(a0_6, a0_7, a0_8, a0_9);
        let c0_6 = floats[c0_2_at + (i >> 2u)][i & 3];
        let c0_7 = floats[c0_2_at + (i_2 >> 2u)][i_2 & 3];
        let c0_8 = floats[c0_2_at + (i_3 >> 2u)][i_3 & 3];
        let c0_9 = floats[c0_2_at + (i_4 >> 2u)][i_4 & 3];
        let c0_10 = vec4<f32>(c0_6, c0_7, c0_8, c0_9);
        floats[a_at + (i >> 2u)] = a0_5;
        floats[c_at + (i >> 2u)] = c0_5;
        floats[a_2_at + (i >> 2u)] = a0_10;
        floats[c_2_at + (i >> 2u)] = c0_10;
      }
    }
  }
}

// lstm.forward.dot+lstm.reverse.dot

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let gather_at = i32(record[0].x >> 2u);
  let concat_at = i32(record[0].y >> 2u);
  let concat_2_at = i32(record[0].z >> 2u);
  let add_at = i32(record[0].w >> 2u);
  let concat_3_at = i32(record[1].x >> 2u);
  let concat_4_at = i32(record[1].y >> 2u);
  let add_2_at = i32(record[1].z >> 2u);
  let B = i32(record[1].w);
  let T = i32(record[2].x);
  var tile: array<vec4<f32>, 4>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32 + (B * T + 31) / 32) {
    if (group < (B * T + 31) / 32) {
      let part = group;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
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
      let i_17 = column * 3;
      let i_19 = (column + 1) * 3;
      let i_21 = (column + 2) * 3;
      let i_23 = (column + 3) * 3;
      if (row < B * T && column < 16) {
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
          let gather = floats[gather_at + (i_4 >> 2u)][i_4 & 3];
          let i_8 = i_7 + k;
          let gather_2 = floats[gather_at + (i_8 >> 2u)][i_8 & 3];
          let i_12 = i_11 + k;
          let gather_3 = floats[gather_at + (i_12 >> 2u)][i_12 & 3];
          let i_16 = i_15 + k;
          let gather_4 = floats[gather_at + (i_16 >> 2u)][i_16 & 3];
          let i_18 = i_17 + k;
          let concat = floats[concat_at + (i_18 >> 2u)][i_18 & 3];
          let i_20 = i_19 + k;
          let concat_2 = floats[concat_at + (i_20 >> 2u)][i_20 & 3];
          let i_22 = i_21 + k;
          let concat_3 = floats[concat_at + (i_22 >> 2u)][i_22 & 3];
          let i_24 = i_23 + k;
          let concat_4 = floats[concat_at + (i_24 >> 2u)][i_24 & 3];
          sum = sum + gather * concat;
          sum_2 = sum_2 + gather * concat_2;
          sum_3 = sum_3 + gather * concat_3;
          sum_4 = sum_4 + gather * concat_4;
          sum_5 = sum_5 + gather_2 * concat;
          sum_6 = sum_6 + gather_2 * concat_2;
          sum_7 = sum_7 + gather_2 * concat_3;
          sum_8 = sum_8 + gather_2 * concat_4;
          sum_9 = sum_9 + gather_3 * concat;
          sum_10 = sum_10 + gather_3 * concat_2;
          sum_11 = sum_11 + gather_3 * concat_3;
          sum_12 = sum_12 + gather_3 * concat_4;
          sum_13 = sum_13 + gather_4 * concat;
          sum_14 = sum_14 + gather_4 * concat_2;
          sum_15 = sum_15 + gather_4 * concat_3;
          sum_16 = sum_16 + gather_4 * concat_4;
        }
        tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
        tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
        tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
        tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
        for (var down = 0; down < 4; down++) {
          let row_16 = row + down;
          let at = row_16 / T;
          let at_2 = row_16 % T;
          let i_25 = at * (T * 16);
          let i_26 = at_2 * 16;
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
    } else {
      let part = group - (B * T + 31) / 32;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
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
      let i_17 = column * 3;
      let i_19 = (column + 1) * 3;
      let i_21 = (column + 2) * 3;
      let i_23 = (column + 3) * 3;
      if (row < B * T && column < 16) {
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
          let gather = floats[gather_at + (i_4 >> 2u)][i_4 & 3];
          let i_8 = i_7 + k;
          let gather_2 = floats[gather_at + (i_8 >> 2u)][i_8 & 3];
          let i_12 = i_11 + k;
          let gather_3 = floats[gather_at + (i_12 >> 2u)][i_12 & 3];
          let i_16 = i_15 + k;
          let gather_4 = floats[gather_at + (i_16 >> 2u)][i_16 & 3];
          let i_18 = i_17 + k;
          let concat = floats[concat_3_at + (i_18 >> 2u)][i_18 & 3];
          let i_20 = i_19 + k;
          let concat_2 = floats[concat_3_at + (i_20 >> 2u)][i_20 & 3];
          let i_22 = i_21 + k;
          let concat_3 = floats[concat_3_at + (i_22 >> 2u)][i_22 & 3];
          let i_24 = i_23 + k;
          let concat_4 = floats[concat_3_at + (i_24 >> 2u)][i_24 & 3];
          sum = sum + gather * concat;
          sum_2 = sum_2 + gather * concat_2;
          sum_3 = sum_3 + gather * concat_3;
          sum_4 = sum_4 + gather * concat_4;
          sum_5 = sum_5 + gather_2 * concat;
          sum_6 = sum_6 + gather_2 * concat_2;
          sum_7 = sum_7 + gather_2 * concat_3;
          sum_8 = sum_8 + gather_2 * concat_4;
          sum_9 = sum_9 + gather_3 * concat;
          sum_10 = sum_10 + gather_3 * concat_2;
          sum_11 = sum_11 + gather_3 * concat_3;
          sum_12 = sum_12 + gather_3 * concat_4;
          sum_13 = sum_13 + gather_4 * concat;
          sum_14 = sum_14 + gather_4 * concat_2;
          sum_15 = sum_15 + gather_4 * concat_3;
          sum_16 = sum_16 + gather_4 * concat_4;
        }
        tile[0] = vec4<f32>(sum, sum_2, sum_3, sum_4);
        tile[1] = vec4<f32>(sum_5, sum_6, sum_7, sum_8);
        tile[2] = vec4<f32>(sum_9, sum_10, sum_11, sum_12);
        tile[3] = vec4<f32>(sum_13, sum_14, sum_15, sum_16);
        for (var down = 0; down < 4; down++) {
          let row_16 = row + down;
          let at = row_16 / T;
          let at_2 = row_16 % T;
          let i_25 = at * (T * 16);
          let i_26 = at_2 * 16;
          let i_27 = column + i_25 + i_26;
          if (row_16 < B * T) {
            let product = tile[down];
            let concat_5 = floats[concat_4_at + (column >> 2u)];
            let add = product.x + concat_5.x;
            let add_2 = product.y + concat_5.y;
            let add_3 = product.z + concat_5.z;
            let add_4 = product.w + concat_5.w;
            let add_5 = vec4<f32>(add, add_2, add_3, add_4);
            floats[add_2_at + (i_27 >> 2u)] = add_5;
          }
        }
      }
    }
  }
}

// lstm.forward.step+lstm.reverse.step

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 4>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
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
  let a_2_at = i32(record[1].z);
  let concat_2_at = i32(record[1].w);
  let add_2_at = i32(record[2].x);
  let c_2_at = i32(record[2].y);
  let y_2_at = i32(record[2].z);
  let B = i32(record[2].w);
  let T = i32(record[3].x);
  let time_step = i32(moment.x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * 4 + 63) / 64 + (B * 4 + 63) / 64) {
    if (group < (B * 4 + 63) / 64) {
      let part = group;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
      // std/lstm.gate:11  c<t> = Γu * c̃ + Γf * c<t-1>
      // std/lstm.gate:12  a<t> = Γo * tanh(c<t>)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 4;
      let at_2 = element % 4;
      let i = time_step % 2 * (B * 4);
      let i_2 = at * 4;
      let i_3 = i + i_2;
      let i_5 = (at_2 + 4) * 4;
      let i_7 = at * (T * 16);
      let i_8 = time_step * 16;
      let i_9 = at_2 + 4;
      let i_10 = i_7 + i_8 + i_9;
      let i_12 = at_2 * 4;
      let i_14 = i_7 + i_8 + at_2;
      let i_16 = (at_2 + 8) * 4;
      let i_18 = at_2 + 8;
      let i_19 = i_7 + i_8 + i_18;
      let i_20 = i + i_2 + at_2;
      let i_21 = (time_step + 1) % 2 * (B * 4);
      let i_22 = i_21 + i_2 + at_2;
      let i_24 = (at_2 + 12) * 4;
      let i_26 = at_2 + 12;
      let i_27 = i_7 + i_8 + i_26;
      let i_28 = time_step * 4;
      let i_29 = at * (T * 4);
      let i_30 = i_28 + i_29 + at_2;
      if (element < B * 4) {
        var dot_sum = 0.0;
        var dot_sum_2 = 0.0;
        var dot_sum_3 = 0.0;
        var dot_sum_4 = 0.0;
        for (var k = 0; k < 4; k += 4) {
          let i_4 = i_3 + k;
          let a = load4_floats(a_at + i_4);
          let i_6 = i_5 + k;
          let concat = load4_floats(concat_at + i_6);
          dot_sum = dot_sum + a.x * concat.x + a.y * concat.y + a.z * concat.z + a.w * concat.w;
          let i_13 = i_12 + k;
          let concat_2 = load4_floats(concat_at + i_13);
          dot_sum_2 = dot_sum_2 + a.x * concat_2.x + a.y * concat_2.y + a.z * concat_2.z + a.w * concat_2.w;
          let i_17 = i_16 + k;
          let concat_3 = load4_floats(concat_at + i_17);
          dot_sum_3 = dot_sum_3 + a.x * concat_3.x + a.y * concat_3.y + a.z * concat_3.z + a.w * concat_3.w;
          let i_25 = i_24 + k;
          let concat_4 = load4_floats(concat_at + i_25);
          dot_sum_4 = dot_sum_4 + a.x * concat_4.x + a.y * concat_4.y + a.z * concat_4.z + a.w * concat_4.w;
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
    } else {
      let part = group - (B * 4 + 63) / 64;
      // std/lstm.gate:7  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
      // std/lstm.gate:8  Γu = σ(Wu[a<t-1>, x<t>] + bu)
      // std/lstm.gate:9  Γf = σ(Wf[a<t-1>, x<t>] + bf)
      // std/lstm.gate:10  Γo = σ(Wo[a<t-1>, x<t>] + bo)
      // std/lstm.gate:11  c<t> = Γu * c̃ + Γf * c<t-1>
      // std/lstm.gate:12  a<t> = Γo * tanh(c<t>)
      let element = part * 64 + i32(invocation_id.x);
      let at = element / 4;
      let at_2 = element % 4;
      let i = time_step % 2 * (B * 4);
      let i_2 = at * 4;
      let i_3 = i + i_2;
      let i_5 = (at_2 + 4) * 4;
      let i_7 = at * (T * 16);
      let i_8 = (T - 1 - time_step) * 16;
      let i_9 = at_2 + 4;
      let i_10 = i_7 + i_8 + i_9;
      let i_12 = at_2 * 4;
      let i_14 = i_7 + i_8 + at_2;
      let i_16 = (at_2 + 8) * 4;
      let i_18 = at_2 + 8;
      let i_19 = i_7 + i_8 + i_18;
      let i_20 = i + i_2 + at_2;
      let i_21 = (time_step + 1) % 2 * (B * 4);
      let i_22 = i_21 + i_2 + at_2;
      let i_24 = (at_2 + 12) * 4;
      let i_26 = at_2 + 12;
      let i_27 = i_7 + i_8 + i_26;
      let i_28 = (T - 1 - time_step) * 4;
      let i_29 = at * (T * 4);
      let i_30 = i_28 + i_29 + at_2;
      if (element < B * 4) {
        var dot_sum = 0.0;
        var dot_sum_2 = 0.0;
        var dot_sum_3 = 0.0;
        var dot_sum_4 = 0.0;
        for (var k = 0; k < 4; k += 4) {
          let i_4 = i_3 + k;
          let a = load4_floats(a_2_at + i_4);
          let i_6 = i_5 + k;
          let concat = load4_floats(concat_2_at + i_6);
          dot_sum = dot_sum + a.x * concat.x + a.y * concat.y + a.z * concat.z + a.w * concat.w;
          let i_13 = i_12 + k;
          let concat_2 = load4_floats(concat_2_at + i_13);
          dot_sum_2 = dot_sum_2 + a.x * concat_2.x + a.y * concat_2.y + a.z * concat_2.z + a.w * concat_2.w;
          let i_17 = i_16 + k;
          let concat_3 = load4_floats(concat_2_at + i_17);
          dot_sum_3 = dot_sum_3 + a.x * concat_3.x + a.y * concat_3.y + a.z * concat_3.z + a.w * concat_3.w;
          let i_25 = i_24 + k;
          let concat_4 = load4_floats(concat_2_at + i_25);
          dot_sum_4 = dot_sum_4 + a.x * concat_4.x + a.y * concat_4.y + a.z * concat_4.z + a.w * concat_4.w;
        }
        let add = floats[add_2_at + i_10];
        let add_2 = dot_sum + add;
        let sigmoid_2 = sigmoid(add_2);
        let add_3 = floats[add_2_at + i_14];
        let add_4 = dot_sum_2 + add_3;
        let tanh__2 = tanh_(add_4);
        let mul = sigmoid_2 * tanh__2;
        let add_5 = floats[add_2_at + i_19];
        let add_6 = dot_sum_3 + add_5;
        let sigmoid_2_2 = sigmoid(add_6);
        let c = floats[c_2_at + i_20];
        let mul_2 = sigmoid_2_2 * c;
        let add_7 = mul + mul_2;
        let lengths = ints[lengths_at + at];
        let active_ = T - 1 - time_step < lengths;
        let add_8 = select(c, add_7, active_);
        let add_9 = floats[add_2_at + i_27];
        let add_10 = dot_sum_4 + add_9;
        let sigmoid_3 = sigmoid(add_10);
        let tanh_2 = tanh_(add_7);
        let mul_3 = sigmoid_3 * tanh_2;
        let mul_4 = select(0.0, mul_3, active_);
        let a_5 = floats[a_2_at + i_20];
        let mul_5 = select(a_5, mul_3, active_);
        floats[c_2_at + i_22] = add_8;
        floats[y_2_at + i_30] = mul_4;
        floats[a_2_at + i_22] = mul_5;
      }
    }
  }
}

// softmax.dot

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let y_at = i32(record[0].x);
  let y_2_at = i32(record[0].y);
  let W_at = i32(record[0].z);
  let b_at = i32(record[0].w);
  let add_at = i32(record[1].x);
  let B = i32(record[1].y);
  let T = i32(record[1].z);
  var tile: array<f32, 16>;

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 31) / 32) {
    // std/layers.gate:15  emit softmax(W[x] + b)
    // test.gate:4
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
    let column_3 = min(column_2, 4);
    let column_4 = column + 2;
    let column_5 = min(column_4, 4);
    let column_6 = column + 3;
    let column_7 = min(column_6, 4);
    let i = row_2 * (T * 4);
    let i_2 = row_3 * 4;
    let i_3 = i + i_2;
    let i_20 = row_6 * (T * 4);
    let i_21 = row_7 * 4;
    let i_22 = i_20 + i_21;
    let i_31 = row_10 * (T * 4);
    let i_32 = row_11 * 4;
    let i_33 = i_31 + i_32;
    let i_42 = row_14 * (T * 4);
    let i_43 = row_15 * 4;
    let i_44 = i_42 + i_43;
    let i_53 = column * 8;
    let i_55 = column_3 * 8;
    let i_57 = column_5 * 8;
    let i_59 = column_7 * 8;
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
      for (var k = 0; k < 8; k += 4) {
        let i_4 = max(k - 4, 0);
        let i_5 = i_3 + i_4;
        let y = floats[y_at + i_5];
        let i_6 = min(k, 3);
        let i_7 = i_3 + i_6;
        let y_2 = floats[y_2_at + i_7];
        let concat = select(y, y_2, k < 4);
        let i_8 = max(k + 1 - 4, 0);
        let i_9 = i_3 + i_8;
        let y_3 = floats[y_at + i_9];
        let i_10 = min(k + 1, 3);
        let i_11 = i_3 + i_10;
        let y_4 = floats[y_2_at + i_11];
        let concat_2 = select(y_3, y_4, k + 1 < 4);
        let i_12 = max(k + 2 - 4, 0);
        let i_13 = i_3 + i_12;
        let y_5 = floats[y_at + i_13];
        let i_14 = min(k + 2, 3);
        let i_15 = i_3 + i_14;
        let y_6 = floats[y_2_at + i_15];
        let concat_3 = select(y_5, y_6, k + 2 < 4);
        let i_16 = max(k + 3 - 4, 0);
        let i_17 = i_3 + i_16;
        let y_7 = floats[y_at + i_17];
        let i_18 = min(k + 3, 3);
        let i_19 = i_3 + i_18;
        let y_8 = floats[y_2_at + i_19];
        let concat_4 = select(y_7, y_8, k + 3 < 4);
        let i_23 = i_22 + i_4;
        let y_9 = floats[y_at + i_23];
        let i_24 = i_22 + i_6;
        let y_10 = floats[y_2_at + i_24];
        let concat_5 = select(y_9, y_10, k < 4);
        let i_25 = i_22 + i_8;
        let y_11 = floats[y_at + i_25];
        let i_26 = i_22 + i_10;
        let y_12 = floats[y_2_at + i_26];
        let concat_6 = select(y_11, y_12, k + 1 < 4);
        let i_27 = i_22 + i_12;
        let y_13 = floats[y_at + i_27];
        let i_28 = i_22 + i_14;
        let y_14 = floats[y_2_at + i_28];
        let concat_7 = select(y_13, y_14, k + 2 < 4);
        let i_29 = i_22 + i_16;
        let y_15 = floats[y_at + i_29];
        let i_30 = i_22 + i_18;
        let y_16 = floats[y_2_at + i_30];
        let concat_8 = select(y_15, y_16, k + 3 < 4);
        let i_34 = i_33 + i_4;
        let y_17 = floats[y_at + i_34];
        let i_35 = i_33 + i_6;
        let y_18 = floats[y_2_at + i_35];
        let concat_9 = select(y_17, y_18, k < 4);
        let i_36 = i_33 + i_8;
        let y_19 = floats[y_at + i_36];
        let i_37 = i_33 + i_10;
        let y_20 = floats[y_2_at + i_37];
        let concat_10 = select(y_19, y_20, k + 1 < 4);
        let i_38 = i_33 + i_12;
        let y_21 = floats[y_at + i_38];
        let i_39 = i_33 + i_14;
        let y_22 = floats[y_2_at + i_39];
        let concat_11 = select(y_21, y_22, k + 2 < 4);
        let i_40 = i_33 + i_16;
        let y_23 = floats[y_at + i_40];
        let i_41 = i_33 + i_18;
        let y_24 = floats[y_2_at + i_41];
        let concat_12 = select(y_23, y_24, k + 3 < 4);
        let i_45 = i_44 + i_4;
        let y_25 = floats[y_at + i_45];
        let i_46 = i_44 + i_6;
        let y_26 = floats[y_2_at + i_46];
        let concat_13 = select(y_25, y_26, k < 4);
        let i_47 = i_44 + i_8;
        let y_27 = floats[y_at + i_47];
        let i_48 = i_44 + i_10;
        let y_28 = floats[y_2_at + i_48];
        let concat_14 = select(y_27, y_28, k + 1 < 4);
        let i_49 = i_44 + i_12;
        let y_29 = floats[y_at + i_49];
        let i_50 = i_44 + i_14;
        let y_30 = floats[y_2_at + i_50];
        let concat_15 = select(y_29, y_30, k + 2 < 4);
        let i_51 = i_44 + i_16;
        let y_31 = floats[y_at + i_51];
        let i_52 = i_44 + i_18;
        let y_32 = floats[y_2_at + i_52];
        let concat_16 = select(y_31, y_32, k + 3 < 4);
        let i_54 = i_53 + k;
        let W = load4_floats(W_at + i_54);
        let i_56 = i_55 + k;
        let W_2 = load4_floats(W_at + i_56);
        let i_58 = i_57 + k;
        let W_3 = load4_floats(W_at + i_58);
        let i_60 = i_59 + k;
        let W_4 = load4_floats(W_at + i_60);
        sum = sum + concat * W.x + concat_2 * W.y + concat_3 * W.z + concat_4 * W.w;
        sum_2 = sum_2 + concat * W_2.x + concat_2 * W_2.y + concat_3 * W_2.z + concat_4 * W_2.w;
        sum_3 = sum_3 + concat * W_3.x + concat_2 * W_3.y + concat_3 * W_3.z + concat_4 * W_3.w;
        sum_4 = sum_4 + concat * W_4.x + concat_2 * W_4.y + concat_3 * W_4.z + concat_4 * W_4.w;
        sum_5 = sum_5 + concat_5 * W.x + concat_6 * W.y + concat_7 * W.z + concat_8 * W.w;
        sum_6 = sum_6 + concat_5 * W_2.x + concat_6 * W_2.y + concat_7 * W_2.z + concat_8 * W_2.w;
        sum_7 = sum_7 + concat_5 * W_3.x + concat_6 * W_3.y + concat_7 * W_3.z + concat_8 * W_3.w;
        sum_8 = sum_8 + concat_5 * W_4.x + concat_6 * W_4.y + concat_7 * W_4.z + concat_8 * W_4.w;
        sum_9 = sum_9 + concat_9 * W.x + concat_10 * W.y + concat_11 * W.z + concat_12 * W.w;
        sum_10 = sum_10 + concat_9 * W_2.x + concat_10 * W_2.y + concat_11 * W_2.z + concat_12 * W_2.w;
        sum_11 = sum_11 + concat_9 * W_3.x + concat_10 * W_3.y + concat_11 * W_3.z + concat_12 * W_3.w;
        sum_12 = sum_12 + concat_9 * W_4.x + concat_10 * W_4.y + concat_11 * W_4.z + concat_12 * W_4.w;
        sum_13 = sum_13 + concat_13 * W.x + concat_14 * W.y + concat_15 * W.z + concat_16 * W.w;
        sum_14 = sum_14 + concat_13 * W_2.x + concat_14 * W_2.y + concat_15 * W_2.z + concat_16 * W_2.w;
        sum_15 = sum_15 + concat_13 * W_3.x + concat_14 * W_3.y + concat_15 * W_3.z + concat_16 * W_3.w;
        sum_16 = sum_16 + concat_13 * W_4.x + concat_14 * W_4.y + concat_15 * W_4.z + concat_16 * W_4.w;
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
        let i_61 = at * (T * 5);
        let i_62 = at_2 * 5;
        let i_63 = i_61 + i_62;
        for (var across = 0; across < 4; across++) {
          let column_8 = column + across;
          let i_64 = i_63 + column_8;
          if (row_16 < B * T && column_8 < 5) {
            let dot_ = tile[down * 4 + across];
            let b = floats[b_at + column_8];
            let add = dot_ + b;
            floats[add_at + i_64] = add;
          }
        }
      }
    }
  }
}

// copy

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 3>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let a_at = i32(record[0].x >> 2u);
  let an_at = i32(record[0].y >> 2u);
  let c_at = i32(record[0].z >> 2u);
  let cn_at = i32(record[0].w >> 2u);
  let a_2_at = i32(record[1].x >> 2u);
  let an_2_at = i32(record[1].y >> 2u);
  let c_2_at = i32(record[1].z >> 2u);
  let cn_2_at = i32(record[1].w >> 2u);
  let B = i32(record[2].x);
  let T = i32(record[2].y);

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
      let a_final = floats[a_at + (i_3 >> 2u)][i_3 & 3];
      let a_final_2 = floats[a_at + (i_4 >> 2u)][i_4 & 3];
      let a_final_3 = floats[a_at + (i_5 >> 2u)][i_5 & 3];
      let a_final_4 = floats[a_at + (i_6 >> 2u)][i_6 & 3];
      let a_final_5 = vec4<f32>(a_final, a_final_2, a_final_3, a_final_4);
      let c_final = floats[c_at + (i_3 >> 2u)][i_3 & 3];
      let c_final_2 = floats[c_at + (i_4 >> 2u)][i_4 & 3];
      let c_final_3 = floats[c_at + (i_5 >> 2u)][i_5 & 3];
      let c_final_4 = floats[c_at + (i_6 >> 2u)][i_6 & 3];
      let c_final_5 = vec4<f32>(c_final, c_final_2, c_final_3, c_final_4);
      let a_final_6 = floats[a_2_at + (i_3 >> 2u)][i_3 & 3];
      let a_final_7 = floats[a_2_at + (i_4 >> 2u)][i_4 & 3];
      let a_final_8 = floats[a_2_at + (i_5 >> 2u)][i_5 & 3];
      let a_final_9 = floats[a_2_at + (i_6 >> 2u)][i_6 & 3];
      let a_final_10 = vec4<f32>(a_final_6, a_final_7, a_final_8, a_final_9);
      let c_final_6 = floats[c_2_at + (i_3 >> 2u)][i_3 & 3];
      let c_final_7 = floats[c_2_at + (i_4 >> 2u)][i_4 & 3];
      let c_final_8 = floats[c_2_at + (i_5 >> 2u)][i_5 & 3];
      let c_final_9 = floats[c_2_at + (i_6 >> 2u)][i_6 & 3];
      let c_final_10 = vec4<f32>(c_final_6, c_final_7, c_final_8, c_final_9);
      floats[an_at + (i_2 >> 2u)] = a_final_5;
      floats[cn_at + (i_2 >> 2u)] = c_final_5;
      floats[an_2_at + (i_2 >> 2u)] = a_final_10;
      floats[cn_2_at + (i_2 >> 2u)] = c_final_10;
    }
  }
}

// softmax.reduceMax

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

fn opaque(bits: u32) -> u32 {
  return bits | (moment.x >> 31u);
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
  let add_at = i32(record[0].x);
  let reduceMax_at = i32(record[0].y);
  let B = i32(record[0].z);
  let T = i32(record[0].w);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 63) / 64) {
    // std/layers.gate:15  emit softmax(W[x] + b)
    let element = group * 64 + i32(invocation_id.x);
    let at = element / T;
    let at_2 = element % T;
    let i = at * (T * 5);
    let i_2 = at_2 * 5;
    let i_3 = i + i_2;
    let i_5 = at * T;
    let i_6 = i_5 + at_2;
    if (element < B * T) {
      var reduceMax_sum = bitcast<f32>(opaque(0xff800000u));
      for (var k = 0; k < 5; k++) {
        let i_4 = i_3 + k;
        let add = floats[add_at + i_4];
        reduceMax_sum = maximum(reduceMax_sum, add);
      }
      floats[reduceMax_at + i_6] = reduceMax_sum;
    }
  }
}

// softmax.reduceSum

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

// Towards zero; NaN gives 0, what is too large the nearest.
fn to_int(x: f32) -> i32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return 0;
  }
  if (magnitude >= 0x4f000000u) {
    return select(2147483647, -2147483648, bits > 0x7fffffffu);
  }
  return i32(x);
}

fn exp_(x: f32) -> f32 {
  let held = select(select(x, 89.0, 89.0 < x), -104.0, x < -104.0);
  let n = floor(held * 1.442695 + 0.5);
  let power = to_int(n);
  let r = bitcast<f32>(bitcast<i32>(held - n * 0.6933594) + i32(u32(power + 512) >> 10u)) - n * -0.00021219444;
  let tiny = power < -100;
  let scaled = bitcast<f32>(min(bitcast<i32>(r * r * ((((0.0013841455 * r + 0.0083693685) * r + 0.04166808) * r + 0.16666515) * r + 0.49999994) + r + 1.0) + ((power + select(0, 64, tiny)) << 23u), 2139095040));
  return select(select(scaled, scaled * 5.421011e-20, tiny), x, 2139095040 < (bitcast<i32>(x) & 2147483647));
}

fn log_(x: f32) -> f32 {
  let bits = bitcast<i32>(x);
  let small = bits < 8388608;
  let raised = select(bits, bitcast<i32>(f32(bits)), small) + 4913933;
  let fraction = bitcast<f32>((raised & 8388607) + 1060439283);
  let exponent = f32(i32(u32(raised) >> 23u) - 127 + select(0, -149, small));
  let f = fraction - 1.0;
  let square = f * f;
  return bitcast<f32>(select(select(select(bitcast<i32>(f + (square * f * (((((((-0.07681613 * f + 0.12783775) * f + -0.13160263) * f + 0.14200678) * f + -0.166232) * f + 0.20001265) * f + -0.25000826) * f + 0.3333333) + exponent * -0.00021219444 - square * 0.5) + exponent * 0.6933594), bits, 2139095040 <= bits), 2143289344, bits < 0), -8388608, (bitcast<i32>(x) & 2147483647) == 0));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let add_at = i32(record[0].x);
  let reduceMax_at = i32(record[0].y);
  let log_at = i32(record[0].z);
  let B = i32(record[0].w);
  let T = i32(record[1].x);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * T + 63) / 64) {
    // std/layers.gate:15  emit softmax(W[x] + b)
    let element = group * 64 + i32(invocation_id.x);
    let at = element / T;
    let at_2 = element % T;
    let i = at * (T * 5);
    let i_2 = at_2 * 5;
    let i_3 = i + i_2;
    let i_5 = at * T;
    let i_6 = i_5 + at_2;
    if (element < B * T) {
      var reduceSum_sum = 0.0;
      let reduceMax = floats[reduceMax_at + i_6];
      for (var k = 0; k < 5; k++) {
        let i_4 = i_3 + k;
        let add = floats[add_at + i_4];
        let sub = add - reduceMax;
        let exp__2 = exp_(sub);
        reduceSum_sum = reduceSum_sum + exp__2;
      }
      let log__2 = log_(reduceSum_sum);
      floats[log_at + i_6] = log__2;
    }
  }
}

// select

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

// Towards zero; NaN gives 0, what is too large the nearest.
fn to_int(x: f32) -> i32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return 0;
  }
  if (magnitude >= 0x4f000000u) {
    return select(2147483647, -2147483648, bits > 0x7fffffffu);
  }
  return i32(x);
}

fn exp_(x: f32) -> f32 {
  let held = select(select(x, 89.0, 89.0 < x), -104.0, x < -104.0);
  let n = floor(held * 1.442695 + 0.5);
  let power = to_int(n);
  let r = bitcast<f32>(bitcast<i32>(held - n * 0.6933594) + i32(u32(power + 512) >> 10u)) - n * -0.00021219444;
  let tiny = power < -100;
  let scaled = bitcast<f32>(min(bitcast<i32>(r * r * ((((0.0013841455 * r + 0.0083693685) * r + 0.04166808) * r + 0.16666515) * r + 0.49999994) + r + 1.0) + ((power + select(0, 64, tiny)) << 23u), 2139095040));
  return select(select(scaled, scaled * 5.421011e-20, tiny), x, 2139095040 < (bitcast<i32>(x) & 2147483647));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let lengths_at = i32(record[0].x);
  let add_at = i32(record[0].y);
  let reduceMax_at = i32(record[0].z);
  let log_at = i32(record[0].w);
  let y_at = i32(record[1].x);
  let B = i32(record[1].y);
  let T = i32(record[1].z);

  let group = i32(workgroup_id.y) * 32768 + i32(workgroup_id.x);
  if (group < (B * (T * 5) + 63) / 64) {
    // std/layers.gate:15  emit softmax(W[x] + b)
    let element = group * 64 + i32(invocation_id.x);
    let at = element / 5 / T;
    let at_2 = element / 5 % T;
    let at_3 = element % 5;
    let i = at * (T * 5);
    let i_2 = at_2 * 5;
    let i_3 = i + i_2 + at_3;
    let i_4 = at * T;
    let i_5 = i_4 + at_2;
    if (element < B * (T * 5)) {
      let lengths = ints[lengths_at + at];
      let less = at_2 < lengths;
      let add = floats[add_at + i_3];
      let reduceMax = floats[reduceMax_at + i_5];
      let sub = add - reduceMax;
      let log_ = floats[log_at + i_5];
      let sub_2 = sub - log_;
      let exp__2 = exp_(sub_2);
      let select_ = select(0.0, exp__2, less);
      floats[y_at + i_3] = select_;
    }
  }
}
