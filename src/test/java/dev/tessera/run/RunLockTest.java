package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.JobException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir private Path folder;

  private RunFolder run() {
    return RunFolder.at(new LocalStorage(), folder.resolve("run").toString());
  }

  private Path file() {
    return folder.resolve("run/run.lock");
  }

  @Test
  void theSecondIsRefusedWhileTheFirstLives() {
    RunLock first = RunLock.take(run());
    assertThatThrownBy(() -> RunLock.take(run()))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "run.dir = "
                + folder.resolve("run")
                + ": another run works in this folder, process "
                + ProcessHandle.current().pid()
                + " on ");
    first.close();
    first.close();
    assertThat(file()).doesNotExist();
    RunLock.take(run()).close();
  }

  @Test
  void theLockOfADeadProcessIsTakenOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    for (String lock :
        new String[] {
          "{\"host\":\"%s\",\"pid\":%d,\"started\":1}".formatted(host(), dead.pid()),
          // The number was given to another process since.
          "{\"host\":\"%s\",\"pid\":%d,\"started\":1}"
              .formatted(host(), ProcessHandle.current().pid()),
          "{\"host\":",
          ""
        }) {
      Files.createDirectories(file().getParent());
      Files.writeString(file(), lock);
      RunLock.take(run()).close();
      assertThat(file()).doesNotExist();
    }
  }

  private static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }
}
