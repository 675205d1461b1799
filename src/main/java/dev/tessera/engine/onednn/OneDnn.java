package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2_vnni;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2_vnni_2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx_fp16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_fp16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_vnni;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_sse41;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_invalid_arguments;
import static org.bytedeco.dnnl.global.dnnl.dnnl_out_of_memory;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_unimplemented;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import dev.tessera.engine.Processor;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_version_t;

/** The library itself: its one CPU engine a JVM, its version, what it found the processor can. */
final class OneDnn {
  private static final Map<Integer, String> INSTRUCTION_SETS =
      Map.ofEntries(
          Map.entry(dnnl_cpu_isa_sse41, "sse4.1"),
          Map.entry(dnnl_cpu_isa_avx, "avx"),
          Map.entry(dnnl_cpu_isa_avx2, "avx2"),
          Map.entry(dnnl_cpu_isa_avx2_vnni, "avx2_vnni"),
          Map.entry(dnnl_cpu_isa_avx2_vnni_2, "avx2_vnni_2"),
          Map.entry(dnnl_cpu_isa_avx512_core, "avx512"),
          Map.entry(dnnl_cpu_isa_avx512_core_vnni, "avx512_vnni"),
          Map.entry(dnnl_cpu_isa_avx512_core_bf16, "avx512_bf16"),
          Map.entry(dnnl_cpu_isa_avx512_core_fp16, "avx512_fp16"),
          Map.entry(dnnl_cpu_isa_avx512_core_amx, "avx512_amx"),
          Map.entry(dnnl_cpu_isa_avx512_core_amx_fp16, "avx512_amx_fp16"));

  /** On arm64 oneDNN says it with the numbers of x86-64. */
  private static final Map<Integer, String> INSTRUCTION_SETS_OF_ARM64 =
      Map.of(
          dnnl_cpu_isa_sse41, "asimd",
          dnnl_cpu_isa_avx, "sve_128",
          dnnl_cpu_isa_avx2, "sve_256",
          dnnl_cpu_isa_avx512_core, "sve_512");

  private OneDnn() {}

  /**
   * Turns a status code into an exception.
   *
   * @throws OutOfMemoryError if oneDNN got no memory
   * @throws UnsupportedPrimitiveException if it has no implementation
   */
  static void check(int status, String what) {
    if (status == dnnl_success) {
      return;
    }
    if (status == dnnl_out_of_memory) {
      throw new OutOfMemoryError("oneDNN found no native memory to " + what);
    }
    if (status == dnnl_unimplemented) {
      throw new UnsupportedPrimitiveException("oneDNN has no implementation to " + what);
    }
    String reason = status == dnnl_invalid_arguments ? "invalid arguments" : "status " + status;
    throw new IllegalStateException("oneDNN could not " + what + ": " + reason);
  }

  /** The CPU. Made on first use, lives as long as the JVM, may be used by any thread. */
  static dnnl_engine engine() {
    return Cpu.ENGINE;
  }

  static String version() {
    dnnl_version_t version = dnnl_version();
    return version.major() + "." + version.minor() + "." + version.patch();
  }

  /**
   * What oneDNN uses of the processor, which ONEDNN_MAX_CPU_ISA may cap: for example {@code
   * avx512_bf16}. The code in hexadecimal for one newer than this table; what the operating system
   * says where oneDNN has no codes, as on arm64.
   */
  static String instructionSet() {
    int code = dnnl_get_effective_cpu_isa();
    if (code == 0) {
      return Processor.ofThisMachine().instructionSet();
    }
    Map<Integer, String> names = arm64() ? INSTRUCTION_SETS_OF_ARM64 : INSTRUCTION_SETS;
    return names.getOrDefault(code, "isa 0x" + Integer.toHexString(code));
  }

  /** Whether the processor multiplies bfloat16 itself (avx512_bf16 or amx). */
  static boolean multipliesBfloat16() {
    int wanted = dnnl_cpu_isa_avx512_core_bf16;
    return !arm64() && (dnnl_get_effective_cpu_isa() & wanted) == wanted;
  }

  /** Whether vectors of oneDNN's code hold 16 floats. */
  static boolean hasAvx512() {
    int wanted = dnnl_cpu_isa_avx512_core;
    return !arm64() && (dnnl_get_effective_cpu_isa() & wanted) == wanted;
  }

  private static boolean arm64() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  /** oneDNN can't do this, for any processor of this machine. */
  static final class UnsupportedPrimitiveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedPrimitiveException(String message) {
      super(message);
    }
  }

  private static final class Cpu {
    private static final dnnl_engine ENGINE = create();

    private static dnnl_engine create() {
      dnnl_engine engine = new dnnl_engine();
      check(dnnl_engine_create(engine, dnnl_cpu, 0), "open the processor");
      return engine;
    }
  }
}
