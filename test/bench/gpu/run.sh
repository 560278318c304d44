#!/usr/bin/env bash
# Times PyTorch (cuDNN) and Gatework (WebGPU by Dawn over Vulkan) one after the other on this
# machine's GPU, and leaves what they print in out/bench/. See ../README.md for what it needs.
# GATEWORK_PYTHON says which Python has PyTorch.
set -euo pipefail
cd "$(dirname "$0")/../../.."

out=out/bench
mkdir -p "$out"
[ -d node_modules ] || npm ci --no-audit --no-fund
npm run build

nvidia-smi --query-gpu=name,driver_version,clocks.sm,power.limit --format=csv > "$out/gpu.csv"
"${GATEWORK_PYTHON:-python3}" test/bench/gpu/pytorch.py | tee "$out/pytorch.json"
npx tsx test/bench/gpu/gatework.ts | tee "$out/gatework.json"
