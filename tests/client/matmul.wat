;; C = A B for 256 x 256 matrices of f32, one thread, 128-bit SIMD: the bytes in client/inference/matmul-cpu.js.
;;
;; A lies at 0 in strips of four rows, [row / 4][k][row % 4]; B at 0x40000 in strips of eight columns,
;; [column / 8][k][column % 8]; C at 0x80000 row by row. The tile of 4 x 8 fills what registers there are (8 for sums,
;; 2 for B, 1 for A) and reads both strips straight through, as the kernels of real runtimes do.
(module
  (memory (export "memory") 12)

  (func $tile (param $a i32) (param $b i32) (param $c i32)
    (local $end i32) (local $b0 v128) (local $b1 v128) (local $s v128)
    (local $c00 v128) (local $c01 v128) (local $c10 v128) (local $c11 v128)
    (local $c20 v128) (local $c21 v128) (local $c30 v128) (local $c31 v128)
    (local.set $end (i32.add (local.get $a) (i32.const 4096)))
    (loop $k
      (local.set $b0 (v128.load (local.get $b)))
      (local.set $b1 (v128.load offset=16 (local.get $b)))
      (local.set $s (v128.load32_splat (local.get $a)))
      (local.set $c00 (f32x4.add (local.get $c00) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c01 (f32x4.add (local.get $c01) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=4 (local.get $a)))
      (local.set $c10 (f32x4.add (local.get $c10) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c11 (f32x4.add (local.get $c11) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=8 (local.get $a)))
      (local.set $c20 (f32x4.add (local.get $c20) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c21 (f32x4.add (local.get $c21) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load32_splat offset=12 (local.get $a)))
      (local.set $c30 (f32x4.add (local.get $c30) (f32x4.mul (local.get $s) (local.get $b0))))
      (local.set $c31 (f32x4.add (local.get $c31) (f32x4.mul (local.get $s) (local.get $b1))))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (br_if $k (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 16))) (local.get $end))))
    (v128.store (local.get $c) (local.get $c00))
    (v128.store offset=16 (local.get $c) (local.get $c01))
    (v128.store offset=1024 (local.get $c) (local.get $c10))
    (v128.store offset=1040 (local.get $c) (local.get $c11))
    (v128.store offset=2048 (local.get $c) (local.get $c20))
    (v128.store offset=2064 (local.get $c) (local.get $c21))
    (v128.store offset=3072 (local.get $c) (local.get $c30))
    (v128.store offset=3088 (local.get $c) (local.get $c31)))

  ;; The strip of B in the outer loop: its 8 KB stay in the first cache while A passes by.
  (func (export "multiply")
    (local $i i32) (local $j i32)
    (local.set $j (i32.const 0))
    (loop $columns
      (local.set $i (i32.const 0))
      (loop $rows
        (call $tile
          (i32.shl (local.get $i) (i32.const 12))
          (i32.add (i32.const 0x40000) (i32.shl (local.get $j) (i32.const 13)))
          (i32.add (i32.const 0x80000) (i32.add (i32.shl (local.get $i) (i32.const 12)) (i32.shl (local.get $j) (i32.const 5)))))
        (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
      (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 32)))))
)
