package dev.tessera.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The local file system, with a look at every operation before it is done. */
record HookedStorage(LocalStorage local, Hook hook) implements Storage {
  /** Sees an operation, by the name of its method, and may refuse it. */
  @FunctionalInterface
  interface Hook {
    void before(String operation, String path) throws IOException;
  }

  HookedStorage(Hook hook) {
    this(new LocalStorage(), hook);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    hook.before("create", path);
    return local.create(path);
  }

  @Override
  public OutputStream createNew(String path) throws IOException {
    hook.before("createNew", path);
    return local.createNew(path);
  }

  @Override
  public InputStream open(String path) throws IOException {
    hook.before("open", path);
    return local.open(path);
  }

  @Override
  public boolean exists(String path) throws IOException {
    hook.before("exists", path);
    return local.exists(path);
  }

  @Override
  public void replace(String from, String to) throws IOException {
    hook.before("replace", to);
    local.replace(from, to);
  }

  @Override
  public void delete(String path) throws IOException {
    hook.before("delete", path);
    local.delete(path);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    hook.before("list", folder);
    return local.list(folder);
  }
}
