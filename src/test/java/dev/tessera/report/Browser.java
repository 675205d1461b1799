package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium without a window, steered by its DevTools protocol. Keeps what pages complain of, and
 * what they load.
 */
final class Browser implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;
  private static final String LISTENING = "DevTools listening on ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> loaded = new ArrayList<>();
  private final String session;
  private int sent;

  /** Where this machine has one. */
  static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile an empty folder
   */
  Browser(Path chromium, Path profile) throws Exception {
    process =
        new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--hide-scrollbars",
                // As root, which builds in containers are, it does not start otherwise.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address(process)), new Messages(messages))
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    String target = call("Target.createTarget", "url", "about:blank").path("targetId").asText();
    ObjectNode attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
    session = call("Target.attachToTarget", attach, null).path("sessionId").asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      page(domain + ".enable", JSON.createObjectNode());
    }
  }

  private static String address(Process process) throws IOException {
    // Not closed: the rest of what it says goes nowhere.
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread drain = new Thread(() -> lines.lines().forEach(rest -> {}));
        drain.setDaemon(true);
        drain.start();
        return line.substring(LISTENING.length());
      }
    }
    throw new IOException("Chromium ended at once");
  }

  /** Opens a page of a file and waits until it has loaded. */
  void open(Path file, int width, int height, boolean dark) throws Exception {
    view(width, height, dark);
    complaints.clear();
    loaded.clear();
    page("Page.navigate", JSON.createObjectNode().put("url", file.toUri().toString()));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!evaluate("document.readyState === 'complete' && location.protocol === 'file:'")
        .asBoolean()) {
      if (System.nanoTime() > limit) {
        throw new IOException(file + " does not load: " + complaints);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    settle();
  }

  /** Another size of window, or the other colours. */
  void view(int width, int height, boolean dark) throws Exception {
    page(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
    ObjectNode media = JSON.createObjectNode();
    media
        .withArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    page("Emulation.setEmulatedMedia", media);
  }

  /** Waits for two frames: sizes are told after the first, and charts drawn in the second. */
  void settle() throws Exception {
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>"
            + " requestAnimationFrame(() => done(true)))))");
  }

  /** The value of an expression, a promise's when it has one. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        page(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** The page as it lies under the window, or all of it. */
  void screenshot(Path file, boolean whole) throws Exception {
    ObjectNode how = JSON.createObjectNode().put("format", "png");
    if (whole) {
      JsonNode size = page("Page.getLayoutMetrics", JSON.createObjectNode()).path("cssContentSize");
      how.put("captureBeyondViewport", true);
      how.putObject("clip")
          .put("x", 0)
          .put("y", 0)
          .put("width", size.path("width").asDouble())
          .put("height", size.path("height").asDouble())
          .put("scale", 1);
    }
    String png = page("Page.captureScreenshot", how).path("data").asText();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(png));
  }

  /** Messages and errors of the console since the page was opened. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Addresses of what the page asked for. */
  List<String> loaded() {
    return List.copyOf(loaded);
  }

  private JsonNode page(String method, ObjectNode parameters) throws Exception {
    return call(method, parameters, session);
  }

  private JsonNode call(String method, String name, String value) throws Exception {
    return call(method, JSON.createObjectNode().put(name, value), null);
  }

  private JsonNode call(String method, ObjectNode parameters, @Nullable String to)
      throws Exception {
    int id = ++sent;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (to != null) {
      message.put("sessionId", to);
    }
    socket.sendText(message.toString(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    while (true) {
      JsonNode answer = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException("Chromium does not answer " + method);
      }
      if (answer.path("id").asInt() == id) {
        if (answer.has("error")) {
          throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.path("result");
      }
      hear(answer);
    }
  }

  private void hear(JsonNode event) {
    JsonNode told = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          complaints.add(told.toString());
      case "Network.requestWillBeSent" -> loaded.add(told.path("request").path("url").asText());
      default -> {
        // Of no interest.
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Puts messages together that come in parts. */
  private static final class Messages implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> messages;
    private final StringBuilder parts = new StringBuilder();

    Messages(BlockingQueue<JsonNode> messages) {
      this.messages = messages;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        try {
          messages.add(JSON.readTree(parts.toString()));
        } catch (IOException e) {
          throw new IllegalStateException("Chromium sends no JSON", e);
        }
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
