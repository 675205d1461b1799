package dev.tessera.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.Golden;
import dev.tessera.network.NamedNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JobFileDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/job-file.md");
  private static final Pattern PLACE =
      Pattern.compile(
          "<!-- keys: ([^>]*?) -->\n(?:(?!<!-- end -->).)*<!-- end -->", Pattern.DOTALL);

  @Test
  void listsEveryKeyWithItsDefaultAndNoOther() throws IOException {
    Map<String, String> tables = KeyTables.all();
    String document = Files.readString(DOCUMENT);
    assertThat(new TreeSet<>(PLACE.matcher(document).results().map(r -> r.group(1)).toList()))
        .isEqualTo(new TreeSet<>(tables.keySet()));
    String expected = PLACE.matcher(document).replaceAll(place -> filled(place, tables));
    Golden.checkFile(DOCUMENT, expected);
  }

  private static String filled(MatchResult place, Map<String, String> tables) {
    String name = place.group(1);
    return Matcher.quoteReplacement(
        "<!-- keys: " + name + " -->\n" + tables.get(name) + "<!-- end -->");
  }

  @Test
  void namesEveryNetwork() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(NamedNetworks.names())
        .allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
  }
}
