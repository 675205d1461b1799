package dev.tessera.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The HTML file. Names and texts of a run are data in it, never markup: they stand in one JSON
 * element in which no tag can end, and the script puts them in as text. The page's own policy lets
 * a browser run the two scripts that are named by their hash, and load nothing.
 */
final class ReportPage {
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/";

  private ReportPage() {}

  static String of(String title, ObjectNode data) {
    String charts = resource(CHARTS + "dist/uPlot.iife.min.js");
    String script = resource("/dev/tessera/report/report.js");
    String style =
        resource(CHARTS + "dist/uPlot.min.css") + resource("/dev/tessera/report/report.css");
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '%s'; script-src '%s' '%s'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        <!-- Charts: uPlot 1.6.30
        %s-->
        <style>%s</style>
        </head>
        <body>
        <main id="page"></main>
        <noscript>This report is drawn by its script, and this browser does not run it.</noscript>
        <script type="application/json" id="data">%s</script>
        <script>%s</script>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            hash(style),
            hash(charts),
            hash(script),
            markup(title),
            markup(resource(CHARTS + "LICENSE")),
            style,
            json(data),
            charts,
            script);
  }

  /** As text of an element. */
  static String markup(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Without the one character that could end its element. */
  static String json(ObjectNode data) {
    return data.toString().replace("<", "\\u003c");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  /** With the line ends that a browser makes of them before it takes the hash. */
  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
