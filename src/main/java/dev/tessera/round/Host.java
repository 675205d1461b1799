package dev.tessera.round;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this JVM runs on. */
public final class Host {
  private Host() {}

  /** Its name, asked for once a JVM: where names are resolved over the network, that takes time. */
  public static String name() {
    return Known.NAME;
  }

  private static final class Known {
    private static final String NAME = ask();

    private static String ask() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown host";
      }
    }
  }
}
