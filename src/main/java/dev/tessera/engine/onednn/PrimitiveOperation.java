package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;

/** One primitive with its arguments. Its handles belong to the program's scope. */
record PrimitiveOperation(
    String name,
    String implementation,
    dnnl_primitive primitive,
    dnnl_stream stream,
    int argumentCount,
    dnnl_exec_arg_t arguments)
    implements Operation {
  @Override
  public void run() {
    int status = dnnl_primitive_execute(primitive, stream, argumentCount, arguments);
    if (status != dnnl_success) {
      OneDnn.check(status, "run " + name);
    }
  }
}
