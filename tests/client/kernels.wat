;; A photo made as small as a model takes it, means over windows, and the rows of a PNG file: the bytes in client/image/scale/kernels.js (`make kernels` writes them).
;;
;; Every value is computed in the order and to the precision of the plain loops in tests/client/plain-kernels.js, so that a photo gives the same
;; bytes: in f64, the products of a weight (f32) and a level being exact.
(module
  (memory (export "memory") 1)

  ;; Add the colours of each block of `side` columns and `rows` rows (at most 257: their sums are held in 16 bits) to `sums`, four u32 a block.
  ;; Pixels are RGBA, `width` of them in a row; up to three beyond the last are read. `line`: 8 bytes a pixel, and 24 more.
  (func (export "sum") (param $pixels i32) (param $width i32) (param $rows i32) (param $side i32) (param $line i32) (param $sums i32)
    (local $stride i32) (local $at i32) (local $left i32) (local $to i32) (local $end i32) (local $stop i32)
    (local $v v128) (local $a v128) (local $b v128)
    (local.set $stride (i32.shl (local.get $width) (i32.const 2)))
    (local.set $to (local.get $line))
    (local.set $end (i32.add (local.get $line) (i32.shl (local.get $width) (i32.const 3))))
    (loop $across
      (local.set $at (local.get $pixels))
      (local.set $left (local.get $rows))
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (loop $down
        (local.set $v (v128.load (local.get $at)))
        (local.set $a (i16x8.add (local.get $a) (i16x8.extend_low_i8x16_u (local.get $v))))
        (local.set $b (i16x8.add (local.get $b) (i16x8.extend_high_i8x16_u (local.get $v))))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (br_if $down (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (v128.store (local.get $to) (local.get $a))
      (v128.store offset=16 (local.get $to) (local.get $b))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 16)))
      (br_if $across (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 32))) (local.get $end))))
    (local.set $stride (i32.shl (local.get $side) (i32.const 3)))
    (loop $blocks
      (local.set $stop (i32.add (local.get $line) (local.get $stride)))
      (if (i32.gt_u (local.get $stop) (local.get $end)) (then (local.set $stop (local.get $end))))
      (local.set $a (v128.load (local.get $sums)))
      (loop $columns
        (local.set $a (i32x4.add (local.get $a) (v128.load16x4_u (local.get $line))))
        (br_if $columns (i32.lt_u (local.tee $line (i32.add (local.get $line) (i32.const 8))) (local.get $stop))))
      (v128.store (local.get $sums) (local.get $a))
      (local.set $sums (i32.add (local.get $sums) (i32.const 16)))
      (br_if $blocks (i32.lt_u (local.get $line) (local.get $end)))))

  ;; Each of `count` sums times `scale`, rounded half up, as RGBA whose alpha is 0.
  (func (export "mean") (param $sums i32) (param $count i32) (param $scale f64) (param $out i32)
    (local $end i32) (local $s v128) (local $v v128) (local $half v128)
    (local.set $s (f64x2.splat (local.get $scale)))
    (local.set $half (v128.const f64x2 0.5 0.5))
    (local.set $end (i32.add (local.get $sums) (i32.shl (local.get $count) (i32.const 4))))
    (loop $each
      (local.set $v (v128.load (local.get $sums)))
      (local.set $v (i8x16.shuffle 0 4 8 16 0 0 0 0 0 0 0 0 0 0 0 0
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (i32x4.trunc_sat_f64x2_u_zero (f64x2.add (f64x2.mul (f64x2.convert_low_i32x4_u (local.get $v)) (local.get $s)) (local.get $half)))
          (i32x4.trunc_sat_f64x2_u_zero (f64x2.add (f64x2.mul (f64x2.convert_low_i32x4_u
            (i8x16.shuffle 8 9 10 11 0 1 2 3 0 1 2 3 0 1 2 3 (local.get $v) (local.get $v))) (local.get $s)) (local.get $half))))
        (v128.const i32x4 0 0 0 0)))
      (v128.store32_lane 0 (local.get $out) (local.get $v))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $each (i32.lt_u (local.tee $sums (i32.add (local.get $sums) (i32.const 16))) (local.get $end)))))

  ;; A row of `width` RGBA pixels through `size` kernels of `taps` weights (f64), the first of which falls on pixel `first` (i32), into a row of three
  ;; planes. `wide`: 32 bytes a pixel.
  (func (export "across") (param $pixels i32) (param $width i32) (param $wide i32) (param $size i32) (param $taps i32) (param $first i32)
    (param $weights i32) (param $out i32) (param $plane i32)
    (local $end i32) (local $at i32) (local $left i32) (local $v v128) (local $a v128) (local $b v128)
    (local.set $at (local.get $wide))
    (local.set $end (i32.add (local.get $pixels) (i32.shl (local.get $width) (i32.const 2))))
    (loop $widen
      (local.set $v (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $pixels)))))
      (v128.store (local.get $at) (f64x2.convert_low_i32x4_u (local.get $v)))
      (v128.store offset=16 (local.get $at) (f64x2.convert_low_i32x4_u
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 0 0 0 0 0 0 0 (local.get $v) (local.get $v))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $widen (i32.lt_u (local.tee $pixels (i32.add (local.get $pixels) (i32.const 4))) (local.get $end))))
    (local.set $end (i32.add (local.get $out) (local.get $size)))
    (loop $each
      (local.set $at (i32.add (local.get $wide) (i32.shl (i32.load (local.get $first)) (i32.const 5))))
      (local.set $left (local.get $taps))
      (local.set $a (v128.const f64x2 0 0))
      (local.set $b (v128.const f64x2 0 0))
      (loop $tap
        (local.set $v (v128.load64_splat (local.get $weights)))
        (local.set $a (f64x2.add (local.get $a) (f64x2.mul (local.get $v) (v128.load (local.get $at)))))
        (local.set $b (f64x2.add (local.get $b) (f64x2.mul (local.get $v) (v128.load offset=16 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 8)))
        (br_if $tap (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (local.set $v (call $levels (local.get $a) (local.get $b)))
      (v128.store8_lane 0 (local.get $out) (local.get $v))
      (v128.store8_lane 1 (local.tee $at (i32.add (local.get $out) (local.get $plane))) (local.get $v))
      (v128.store8_lane 2 (i32.add (local.get $at) (local.get $plane)) (local.get $v))
      (local.set $first (i32.add (local.get $first) (i32.const 4)))
      (br_if $each (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 1))) (local.get $end)))))

  ;; `taps` rows of `width` bytes, the first one at `rows`, weighed (f64) into one. Sums are rounded to f32 after each row. Up to seven bytes beyond
  ;; each row are read, and seven beyond the result written.
  (func (export "down") (param $rows i32) (param $width i32) (param $taps i32) (param $weights i32) (param $out i32)
    (local $end i32) (local $at i32) (local $w i32) (local $left i32) (local $s v128) (local $v v128) (local $low v128) (local $high v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $out) (local.get $width)))
    (loop $each
      (local.set $at (local.get $rows))
      (local.set $w (local.get $weights))
      (local.set $left (local.get $taps))
      (local.set $a (v128.const f64x2 0 0))
      (local.set $b (v128.const f64x2 0 0))
      (local.set $c (v128.const f64x2 0 0))
      (local.set $d (v128.const f64x2 0 0))
      (loop $tap
        (local.set $s (v128.load64_splat (local.get $w)))
        (local.set $v (v128.load8x8_u (local.get $at)))
        (local.set $low (i32x4.extend_low_i16x8_u (local.get $v)))
        (local.set $high (i32x4.extend_high_i16x8_u (local.get $v)))
        (local.set $a (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $a) (f64x2.mul (local.get $s) (f64x2.convert_low_i32x4_u (local.get $low)))))))
        (local.set $b (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $b) (f64x2.mul (local.get $s) (f64x2.convert_low_i32x4_u
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 0 0 0 0 0 0 0 (local.get $low) (local.get $low))))))))
        (local.set $c (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $c) (f64x2.mul (local.get $s) (f64x2.convert_low_i32x4_u (local.get $high)))))))
        (local.set $d (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $d) (f64x2.mul (local.get $s) (f64x2.convert_low_i32x4_u
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 0 0 0 0 0 0 0 (local.get $high) (local.get $high))))))))
        (local.set $at (i32.add (local.get $at) (local.get $width)))
        (local.set $w (i32.add (local.get $w) (i32.const 8)))
        (br_if $tap (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (v128.store32_lane 0 (local.get $out) (call $levels (local.get $a) (local.get $b)))
      (v128.store32_lane offset=4 0 (local.get $out) (call $levels (local.get $c) (local.get $d)))
      (local.set $rows (i32.add (local.get $rows) (i32.const 8)))
      (br_if $each (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 8))) (local.get $end)))))

  ;; What stands in a table of 256 f32 for each of `count` levels.
  (func (export "look") (param $levels i32) (param $count i32) (param $table i32) (param $out i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $levels) (local.get $count)))
    (loop $each
      (f32.store (local.get $out) (f32.load (i32.add (local.get $table) (i32.shl (i32.load8_u (local.get $levels)) (i32.const 2)))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $each (i32.lt_u (local.tee $levels (i32.add (local.get $levels) (i32.const 1))) (local.get $end)))))

  ;; Four rows of f32, `stride` bytes apart, each value replaced by the mean around it: by running sums in f64, each times `inverse` (f64). `line`: 32 bytes a
  ;; value, after `before` bytes of zeros, one more than the radius, and before as many.
  (func (export "boxRows") (param $rows i32) (param $stride i32) (param $width i32) (param $radius i32) (param $inverse i32) (param $line i32)
    (local $at i32) (local $to i32) (local $end i32) (local $ahead i32) (local $p i32) (local $left i32) (local $s v128) (local $a v128) (local $b v128)
    (local.set $ahead (i32.shl (i32.add (i32.shl (local.get $radius) (i32.const 1)) (i32.const 1)) (i32.const 5)))
    (local.set $to (i32.add (local.get $line) (i32.shl (i32.add (local.get $radius) (i32.const 1)) (i32.const 5))))
    (local.set $end (i32.add (local.get $rows) (i32.shl (local.get $width) (i32.const 2))))
    (local.set $at (local.get $rows))
    (loop $widen
      (local.set $p (i32.add (local.get $at) (local.get $stride)))
      (v128.store (local.get $to) (f64x2.promote_low_f32x4 (v128.load32_lane 1 (local.get $p) (v128.load32_zero (local.get $at)))))
      (local.set $p (i32.add (local.get $p) (local.get $stride)))
      (v128.store offset=16 (local.get $to) (f64x2.promote_low_f32x4
        (v128.load32_lane 1 (i32.add (local.get $p) (local.get $stride)) (v128.load32_zero (local.get $p)))))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (br_if $widen (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $end))))
    (local.set $to (i32.add (local.get $line) (i32.shl (i32.add (local.get $radius) (i32.const 1)) (i32.const 5))))
    (local.set $left (local.get $radius))
    (loop $begin
      (local.set $a (f64x2.add (local.get $a) (v128.load (local.get $to))))
      (local.set $b (f64x2.add (local.get $b) (v128.load offset=16 (local.get $to))))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (br_if $begin (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.set $at (local.get $rows))
    (loop $each
      (local.set $to (i32.add (local.get $line) (local.get $ahead)))
      (local.set $a (f64x2.add (local.get $a) (f64x2.sub (v128.load (local.get $to)) (v128.load (local.get $line)))))
      (local.set $b (f64x2.add (local.get $b) (f64x2.sub (v128.load offset=16 (local.get $to)) (v128.load offset=16 (local.get $line)))))
      (local.set $s (v128.load64_splat (local.get $inverse)))
      (local.set $p (i32.add (local.get $at) (local.get $stride)))
      (v128.store32_lane 0 (local.get $at) (f32x4.demote_f64x2_zero (f64x2.mul (local.get $a) (local.get $s))))
      (v128.store32_lane 1 (local.get $p) (f32x4.demote_f64x2_zero (f64x2.mul (local.get $a) (local.get $s))))
      (local.set $p (i32.add (local.get $p) (local.get $stride)))
      (v128.store32_lane 0 (local.get $p) (f32x4.demote_f64x2_zero (f64x2.mul (local.get $b) (local.get $s))))
      (v128.store32_lane 1 (i32.add (local.get $p) (local.get $stride)) (f32x4.demote_f64x2_zero (f64x2.mul (local.get $b) (local.get $s))))
      (local.set $line (i32.add (local.get $line) (i32.const 32)))
      (local.set $inverse (i32.add (local.get $inverse) (i32.const 8)))
      (br_if $each (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $end)))))

  ;; A row of `width` f32, a multiple of 4, replaced by `sums` (f64) times `scale`, after the row `ahead` has been added to them and the row `kept` taken
  ;; away; that one becomes the row as it was.
  (func (export "boxRow") (param $row i32) (param $width i32) (param $scale f64) (param $sums i32) (param $ahead i32) (param $kept i32)
    (local $end i32) (local $s v128) (local $v v128) (local $w v128) (local $k v128) (local $a v128) (local $b v128)
    (local.set $s (f64x2.splat (local.get $scale)))
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $width) (i32.const 2))))
    (loop $each
      (local.set $v (v128.load (local.get $ahead)))
      (local.set $k (v128.load (local.get $kept)))
      (local.set $w (v128.load (local.get $row)))
      (local.set $a (f64x2.sub (f64x2.add (v128.load (local.get $sums)) (f64x2.promote_low_f32x4 (local.get $v))) (f64x2.promote_low_f32x4 (local.get $k))))
      (local.set $b (f64x2.sub
        (f64x2.add (v128.load offset=16 (local.get $sums))
          (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 0 0 0 0 0 0 0 (local.get $v) (local.get $v))))
        (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 0 0 0 0 0 0 0 (local.get $k) (local.get $k)))))
      (v128.store (local.get $sums) (local.get $a))
      (v128.store offset=16 (local.get $sums) (local.get $b))
      (v128.store (local.get $kept) (local.get $w))
      (v128.store (local.get $row) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
        (f32x4.demote_f64x2_zero (f64x2.mul (local.get $a) (local.get $s)))
        (f32x4.demote_f64x2_zero (f64x2.mul (local.get $b) (local.get $s)))))
      (local.set $sums (i32.add (local.get $sums) (i32.const 32)))
      (local.set $ahead (i32.add (local.get $ahead) (i32.const 16)))
      (local.set $kept (i32.add (local.get $kept) (i32.const 16)))
      (br_if $each (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 16))) (local.get $end)))))

  ;; A row of `size` bytes, a multiple of 4, as its differences from the pixel before (PNG specification, 9.2: Sub); the first pixel as it is. Up to
  ;; fifteen bytes beyond the result are written.
  (func (export "differences") (param $row i32) (param $size i32) (param $out i32)
    (local $at i32) (local $to i32) (local $end i32)
    (i32.store (local.get $out) (i32.load (local.get $row)))
    (local.set $at (i32.add (local.get $row) (i32.const 4)))
    (local.set $to (i32.add (local.get $out) (i32.const 4)))
    (local.set $end (i32.add (local.get $out) (local.get $size)))
    (loop $each
      (v128.store (local.get $to) (i8x16.sub (v128.load (local.get $at)) (v128.load (i32.sub (local.get $at) (i32.const 4)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $end)))))

  ;; Adler-32 (RFC 1950, 9) of what was summed up to `sum` before and of `size` bytes. Blocks are as long as sums fit 32 bits.
  (func (export "adler") (param $at i32) (param $size i32) (param $sum i32) (result i32)
    (local $end i32) (local $stop i32) (local $a i32) (local $b i32) (local $v v128) (local $sums v128) (local $before v128) (local $weighed v128)
    (local.set $a (i32.and (local.get $sum) (i32.const 65535)))
    (local.set $b (i32.shr_u (local.get $sum) (i32.const 16)))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (loop $blocks
      (local.set $stop (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const -16)))
      (if (i32.gt_u (local.get $stop) (i32.const 4096)) (then (local.set $stop (i32.const 4096))))
      (if (local.get $stop) (then
        (local.set $b (i32.add (local.get $b) (i32.mul (local.get $a) (local.get $stop))))
        (local.set $stop (i32.add (local.get $stop) (local.get $at)))
        (local.set $sums (v128.const i32x4 0 0 0 0))
        (local.set $before (v128.const i32x4 0 0 0 0))
        (local.set $weighed (v128.const i32x4 0 0 0 0))
        (loop $each
          (local.set $v (v128.load (local.get $at)))
          (local.set $before (i32x4.add (local.get $before) (local.get $sums)))
          (local.set $sums (i32x4.add (local.get $sums) (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $v)))))
          (local.set $weighed (i32x4.add (local.get $weighed) (i32x4.add
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $v)) (v128.const i16x8 16 15 14 13 12 11 10 9))
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $v)) (v128.const i16x8 8 7 6 5 4 3 2 1)))))
          (br_if $each (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stop))))
        (local.set $weighed (i32x4.add (local.get $weighed) (i32x4.shl (local.get $before) (i32.const 4))))
        (local.set $a (i32.rem_u (i32.add (local.get $a) (call $total (local.get $sums))) (i32.const 65521)))
        (local.set $b (i32.rem_u (i32.add (local.get $b) (call $total (local.get $weighed))) (i32.const 65521)))
        (br $blocks))))
    (block $done
      (loop $rest
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (i32.add (local.get $a) (i32.load8_u (local.get $at))))
        (local.set $b (i32.add (local.get $b) (local.get $a)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $rest)))
    (i32.or (i32.rem_u (local.get $a) (i32.const 65521)) (i32.shl (i32.rem_u (local.get $b) (i32.const 65521)) (i32.const 16))))

  (func $total (param $v v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v)))
      (i32.add (i32x4.extract_lane 2 (local.get $v)) (i32x4.extract_lane 3 (local.get $v)))))

  ;; CRC-32 without its last inversion, of what came to `crc` before and of `size` bytes, eight at a time by eight tables of 256 u32.
  (func (export "crc") (param $at i32) (param $size i32) (param $crc i32) (param $tables i32) (result i32)
    (local $end i32) (local $v i64)
    (local.set $end (i32.add (local.get $at) (i32.and (local.get $size) (i32.const -8))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $v (i64.xor (i64.load (local.get $at)) (i64.extend_i32_u (local.get $crc))))
        (local.set $crc (i32.xor
          (i32.xor
            (i32.xor (call $entry (local.get $tables) (local.get $v) (i64.const 0) (i32.const 7168)) (call $entry (local.get $tables) (local.get $v) (i64.const 8) (i32.const 6144)))
            (i32.xor (call $entry (local.get $tables) (local.get $v) (i64.const 16) (i32.const 5120)) (call $entry (local.get $tables) (local.get $v) (i64.const 24) (i32.const 4096))))
          (i32.xor
            (i32.xor (call $entry (local.get $tables) (local.get $v) (i64.const 32) (i32.const 3072)) (call $entry (local.get $tables) (local.get $v) (i64.const 40) (i32.const 2048)))
            (i32.xor (call $entry (local.get $tables) (local.get $v) (i64.const 48) (i32.const 1024)) (call $entry (local.get $tables) (local.get $v) (i64.const 56) (i32.const 0))))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $each)))
    (local.set $end (i32.add (local.get $end) (i32.and (local.get $size) (i32.const 7))))
    (block $done
      (loop $rest
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $crc (i32.xor (i32.shr_u (local.get $crc) (i32.const 8))
          (i32.load (i32.add (local.get $tables) (i32.shl (i32.and (i32.xor (local.get $crc) (i32.load8_u (local.get $at))) (i32.const 255)) (i32.const 2))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $rest)))
    (local.get $crc))

  (func $entry (param $tables i32) (param $v i64) (param $shift i64) (param $table i32) (result i32)
    (i32.load (i32.add (i32.add (local.get $tables) (local.get $table))
      (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $v) (local.get $shift))) (i32.const 255)) (i32.const 2)))))

  ;; `size` bytes as symbols of DEFLATE (RFC 1951) behind the bits in `state` (u64: the bits, fewer than 8 of them; u64: how many): literals, and runs of zeros that
  ;; begin or end with eight bytes. `table`: 256 literals and 259 runs, as u32 of which the lowest 24 are the bits and the rest how many; the run of none is
  ;; 258 more zeros. Gives where the bytes end that are whole; up to seven beyond are written.
  (func (export "deflate") (param $at i32) (param $size i32) (param $table i32) (param $to i32) (param $state i32) (result i32)
    (local $bits i64) (local $count i64) (local $v i64) (local $n i64) (local $run i32) (local $p i32) (local $stop i32) (local $end i32) (local $entry i32)
    (local.set $bits (i64.load (local.get $state)))
    (local.set $count (i64.load offset=8 (local.get $state)))
    (local.set $end (i32.add (local.get $at) (i32.and (local.get $size) (i32.const -8))))
    (block $done
      (loop $chunks
        (local.set $p (local.get $at))
        (local.set $v (i64.const -1))
        (if (i32.lt_u (local.get $at) (local.get $end)) (then
          (local.set $v (i64.load (local.get $at)))
          (if (i64.eqz (local.get $v)) (then
            (local.set $run (i32.add (local.get $run) (i32.const 8)))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (block $longer
              (loop $zeros
                (br_if $longer (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
                (br_if $longer (v128.any_true (v128.load (local.get $at))))
                (local.set $run (i32.add (local.get $run) (i32.const 16)))
                (local.set $at (i32.add (local.get $at) (i32.const 16)))
                (br $zeros)))
            (br $chunks)))))
        (if (local.get $run) (then
          (local.set $p (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $v)) (i64.const 3))))
          (local.set $run (i32.add (local.get $run) (local.get $p)))
          (local.set $p (i32.add (local.get $p) (local.get $at)))
          (local.set $n (i64.const 0))
          (if (i32.gt_u (local.get $run) (i32.const 258)) (then
            ;; A zero, of two bits that are 0, which the last run's bits begin with: less there.
            (local.set $n (i64.const 2))
            (local.set $count (i64.add (local.get $count) (i64.const 2)))
            (local.set $entry (i32.load offset=1024 (local.get $table)))
            (loop $more
              (local.set $bits (i64.or (local.get $bits) (i64.shl (i64.extend_i32_u (i32.and (local.get $entry) (i32.const 0xffffff))) (local.get $count))))
              (local.set $count (i64.add (local.get $count) (i64.extend_i32_u (i32.shr_u (local.get $entry) (i32.const 24)))))
              (i64.store (local.get $to) (local.get $bits))
              (local.set $to (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $count) (i64.const 3)))))
              (local.set $bits (i64.shr_u (local.get $bits) (i64.and (local.get $count) (i64.const -8))))
              (local.set $count (i64.and (local.get $count) (i64.const 7)))
              (br_if $more (i32.gt_u (local.tee $run (i32.sub (local.get $run) (i32.const 258))) (i32.const 258))))))
          (local.set $entry (i32.load offset=1024 (i32.add (local.get $table) (i32.shl (local.get $run) (i32.const 2)))))
          (local.set $bits (i64.or (local.get $bits)
            (i64.shl (i64.shr_u (i64.extend_i32_u (i32.and (local.get $entry) (i32.const 0xffffff))) (local.get $n)) (local.get $count))))
          (local.set $count (i64.add (local.get $count) (i64.sub (i64.extend_i32_u (i32.shr_u (local.get $entry) (i32.const 24))) (local.get $n))))))
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $run (i32.wrap_i64 (i64.shr_u (i64.clz (local.get $v)) (i64.const 3))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $stop (i32.sub (local.get $at) (local.get $run)))
        ;; Fewer than 28 bits wait, and a literal has at most 12: three fit.
        (loop $literals
          (local.set $entry (i32.load (i32.add (local.get $table) (i32.shl (i32.load8_u (local.get $p)) (i32.const 2)))))
          (local.set $bits (i64.or (local.get $bits) (i64.shl (i64.extend_i32_u (i32.and (local.get $entry) (i32.const 0xffffff))) (local.get $count))))
          (local.set $count (i64.add (local.get $count) (i64.extend_i32_u (i32.shr_u (local.get $entry) (i32.const 24)))))
          (if (i64.gt_u (local.get $count) (i64.const 43)) (then
            (i64.store (local.get $to) (local.get $bits))
            (local.set $to (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $count) (i64.const 3)))))
            (local.set $bits (i64.shr_u (local.get $bits) (i64.and (local.get $count) (i64.const -8))))
            (local.set $count (i64.and (local.get $count) (i64.const 7)))))
          (br_if $literals (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 1))) (local.get $stop))))
        (i64.store (local.get $to) (local.get $bits))
        (local.set $to (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $count) (i64.const 3)))))
        (local.set $bits (i64.shr_u (local.get $bits) (i64.and (local.get $count) (i64.const -8))))
        (local.set $count (i64.and (local.get $count) (i64.const 7)))
        (br $chunks)))
    (local.set $end (i32.add (local.get $end) (i32.and (local.get $size) (i32.const 7))))
    (block $written
      (loop $rest
        (i64.store (local.get $to) (local.get $bits))
        (local.set $to (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $count) (i64.const 3)))))
        (local.set $bits (i64.shr_u (local.get $bits) (i64.and (local.get $count) (i64.const -8))))
        (local.set $count (i64.and (local.get $count) (i64.const 7)))
        (br_if $written (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $entry (i32.load (i32.add (local.get $table) (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))))
        (local.set $bits (i64.or (local.get $bits) (i64.shl (i64.extend_i32_u (i32.and (local.get $entry) (i32.const 0xffffff))) (local.get $count))))
        (local.set $count (i64.add (local.get $count) (i64.extend_i32_u (i32.shr_u (local.get $entry) (i32.const 24)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $rest)))
    (i64.store (local.get $state) (local.get $bits))
    (i64.store offset=8 (local.get $state) (local.get $count))
    (local.get $to))

  ;; Four values as levels, as an array of clamped bytes takes them: to the nearest, halves to the even one.
  (func $levels (param $a v128) (param $b v128) (result v128)
    (local.set $a (i16x8.narrow_i32x4_s
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
        (i32x4.trunc_sat_f64x2_s_zero (f64x2.nearest (local.get $a)))
        (i32x4.trunc_sat_f64x2_s_zero (f64x2.nearest (local.get $b))))
      (local.get $a)))
    (i8x16.narrow_i16x8_u (local.get $a) (local.get $a))))
