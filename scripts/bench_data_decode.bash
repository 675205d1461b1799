# scripts/bench data, its table of decoding. Sourced; needs $java, $classpath, $work, $root and $median of scripts/bench.
# Its options: --photos FOLDER, --pillow PYTHON, --rounds N.

bench_decode() { # photos python rounds
  local photos=$1 python=$2 rounds=$3 results=$work/decode round size
  : >"$results"
  if [ -n "$python" ]; then
    "$python" -c 'import PIL' 2>/dev/null || { say "left out: Pillow, since $python has no module PIL"; python=; }
  else
    say "left out: Pillow (name a Python that has it by --pillow)"
  fi
  decoder_bench photos "$photos" "$work/500x375" 20 500 375 85
  decoder_bench photos "$photos" "$work/2000x1500" 20 2000 1500 85
  for round in $(seq "$rounds"); do
    for size in 500x375 2000x1500; do
      say "decoding, round $round of $rounds, $size"
      decoder_bench time "$work/$size" 224 224 15 | sed "s/^/$size /" >>"$results"
      [ -z "$python" ] || "$python" "$root/scripts/pillow_yardstick.py" "$work/$size" 224 224 5 | sed "s/^/$size /" >>"$results"
    done
  done
  awk "$median"'
    { values[$1, $2] = values[$1, $2] " " $3; if (!($1 in seen)) { seen[$1]; sizes[++count] = $1 } }
    function of(size, way) { return (size, way) in values ? median(values[size, way]) : 0 }
    END {
      printf "\nJPEG to 224 x 224, images/s of one core (processor time, medians)\n"
      printf "%-10s %9s %9s %9s %9s %9s %9s %9s  %s\n", "from", "kilobytes", "Tessera", "OpenCV", "box", "box-gap", "bilinear", "bilin.-gap", "Tessera over OpenCV, over the best of Pillow"
      for (i = 1; i <= count; i++) {
        size = sizes[i]; ours = of(size, "tessera"); best = 0
        printf "%-10s %9.1f %9.0f %9.0f", size, of(size, "kilobytes"), 1000 / ours, 1000 / of(size, "opencv")
        split("pillow-box pillow-box-gap pillow-bilinear pillow-bilinear-gap", ways, " ")
        for (w = 1; w <= 4; w++) {
          time = of(size, ways[w])
          if (time > 0) { printf " %9.0f", 1000 / time; if (best == 0 || time < best) best = time } else printf " %9s", "-"
        }
        printf "  %.2f", of(size, "opencv") / ours
        if (best > 0) printf ", %.2f", best / ours
        printf "\n"
      }
      print "box and bilinear: Pillow with draft mode; gap: with reducing_gap too. OpenCV: imdecode at the same reduced scale, INTER_AREA."
    }' "$results"
}

decoder_bench() {
  OPENCV_LOG_LEVEL=SILENT "$java" -Xmx2g -cp "$classpath" dev.tessera.image.DecoderBench "$@" 2>"$work/log" ||
    { tail -n 20 "$work/log" >&2; die "the decoder's bench failed"; }
}
