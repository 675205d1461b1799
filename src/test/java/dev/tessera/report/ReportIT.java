package dev.tessera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reports in a browser: nothing in the console, nothing loaded, every switch does something. Leaves
 * pictures of what it saw in {@code target/report}, for people.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportIT {
  private static final Path PICTURES = Path.of("target/report");
  private static final String HOSTILE =
      "</script><script>window.harmed=1</script>\"'><img src=x onerror=window.harmed=1>"
          + "<!--&lt;\u202egnp.exe\u2028\\u003c${harmed}";

  /** Clicks on all there is, one after the other, and says how many things those were. */
  private static final String CLICK_THROUGH =
      """
      (async () => {
        const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        let clicked = 0;
        for (const id of ['run', 'layer']) {
          const select = () => document.getElementById(id);
          for (let i = 0; select() && i < Math.min(4, select().options.length); i++) {
            select().value = select().options[select().options.length - 1 - i].value;
            select().dispatchEvent(new Event('change'));
            await frames();
            clicked++;
          }
        }
        for (const all of ['.switch button', '.choices button', 'tr.pick', 'summary', 'nav a', '.u-legend .u-series']) {
          for (const one of Array.from(document.querySelectorAll(all)).slice(0, 24)) {
            one.click();
            await frames();
            clicked++;
          }
        }
        return clicked;
      })()
      """;

  /** How many of the canvases that can be seen have nothing on them. */
  private static final String BLANK =
      """
      Array.from(document.querySelectorAll('canvas')).filter(canvas => canvas.clientWidth > 0 &&
        !new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer).some(x => x)).length
      """;

  /** Texts with a mark that turns the direction of reading, and with nothing that ends it. */
  private static final String TURNED =
      """
      (() => {
        const texts = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
        let turned = 0;
        while (texts.nextNode()) {
          const around = texts.currentNode.parentElement;
          if (texts.currentNode.data.includes('\\u202e') && !around.closest('bdi, pre, option, .u-label')) turned++;
        }
        return turned;
      })()
      """;

  @TempDir private static Path folder;
  private static @org.jspecify.annotations.Nullable Browser opened;

  @BeforeAll
  static void start() throws Exception {
    Path chromium = Browser.find().orElse(null);
    assumeTrue(chromium != null, "There is no Chromium: reports are not opened in a browser");
    opened = new Browser(chromium, Files.createDirectory(folder.resolve("profile")));
  }

  @AfterAll
  static void end() {
    if (opened != null) {
      opened.close();
    }
  }

  private static Browser browser() {
    return java.util.Objects.requireNonNull(opened);
  }

  private Path page(String name, RunFolder... runs) throws Exception {
    return Files.writeString(folder.resolve(name + ".html"), Report.of(List.of(runs)).html());
  }

  private void clickThrough(Path page) throws Exception {
    assertThat(browser().evaluate(CLICK_THROUGH).asInt()).isGreaterThan(10);
    browser().settle();
    assertThat(browser().complaints()).isEmpty();
    assertThat(browser().loaded())
        .allMatch(url -> url.startsWith("data:image/png") || url.equals(page.toUri().toString()));
    assertThat(browser().evaluate(BLANK).asInt()).isZero();
  }

  @Test
  void aRunOfUsualSizeIsWholeInBothColoursAndWidths() throws Exception {
    Path page = page("usual", new GeneratedRun(96, 10).in(folder.resolve("usual")));
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {1280, 400}) {
        browser().open(page, width, 800, dark);
        String name = (dark ? "dark-" : "light-") + width;
        browser().screenshot(PICTURES.resolve(name + ".png"), false);
        browser().screenshot(PICTURES.resolve(name + "-whole.png"), true);
        assertThat(browser().evaluate("document.documentElement.scrollWidth").asInt())
            .as("nothing is wider than the window")
            .isLessThanOrEqualTo(width);
        clickThrough(page);
      }
    }
  }

  @Test
  void theFirstScreenAnswersWithoutScrolling() throws Exception {
    Path page = page("first", new GeneratedRun(96, 10).in(folder.resolve("first")));
    browser().open(page, 1280, 800, false);
    assertThat(
            browser()
                .evaluate(
                    "Array.from(document.querySelectorAll('.verdict')).map(v =>"
                        + " v.getBoundingClientRect()).filter(r => r.top >= 0 && r.bottom <= 800 &&"
                        + " r.left >= 0 && r.right <= 1280).length")
                .asInt())
        .isEqualTo(3);
    assertThat(browser().evaluate("document.querySelectorAll('.verdict .uplot').length").asInt())
        .isEqualTo(3);
  }

  @Test
  void switchesSwitch() throws Exception {
    Path page = page("switches", new GeneratedRun(50, 3).in(folder.resolve("switches")));
    browser().open(page, 1280, 800, false);
    String curves = "document.querySelectorAll('#layers + .grid .u-series').length";
    String note = "document.querySelector('#layers + .grid .note').textContent";
    // One more than curves: the round.
    assertThat(browser().evaluate(curves).asInt()).isEqualTo(4);
    assertThat(browser().evaluate(note).asText()).startsWith("Length of the parameter vector");
    browser().evaluate("document.querySelector('[data-figure=divergence]').click()");
    assertThat(browser().evaluate(note).asText()).startsWith("How far the workers");
    browser().evaluate("document.querySelectorAll('tr.pick')[1].click()");
    browser().settle();
    assertThat(browser().evaluate(curves).asInt()).isEqualTo(3);
    assertThat(browser().evaluate("document.getElementById('layer').value").asText())
        .isEqualTo("1");
    assertThat(browser().evaluate("document.querySelectorAll('.histograms canvas').length").asInt())
        .isEqualTo(2);
    String background = "getComputedStyle(document.body).backgroundColor";
    String light = browser().evaluate(background).asText();
    browser().view(1280, 800, true);
    browser().settle();
    assertThat(browser().evaluate(background).asText()).isNotEqualTo(light);
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void imagesAreShownLayerByLayerOneAfterTheOther() throws Exception {
    Path page = page("activations", new GeneratedRun(20, 6).in(folder.resolve("activations")));
    browser().open(page, 1280, 800, false);
    String layers = "Array.from(document.querySelectorAll('p.layer')).map(p => p.textContent)";
    // Five layers of pictures and one vector.
    assertThat(browser().evaluate("document.querySelectorAll('.maps i').length").asInt())
        .isEqualTo(5 * 16);
    assertThat(browser().evaluate("document.querySelectorAll('img.strip').length").asInt())
        .isEqualTo(1);
    assertThat(browser().evaluate(layers).get(0).asText())
        .isEqualTo("layer0conv32 × 32 × 64, 16 of its channels-0.500 to 1.25");
    assertThat(browser().evaluate(layers).get(2).asText()).endsWith("all 0");
    assertThat(browser().evaluate(layers).get(3).asText())
        .isEqualTo("layer3dense64, 16 of its values-0.500 to 1.25");
    String said = "document.querySelector('.said').textContent";
    assertThat(browser().evaluate(said).asText()).startsWith("is class0images/0class050.0");
    String pressed = "document.querySelector('.choices [aria-pressed=true]').dataset.image";
    assertThat(browser().evaluate(pressed).asText()).isEqualTo("0");
    browser().evaluate("document.querySelectorAll('.choices button')[3].click()");
    browser().settle();
    assertThat(browser().evaluate(pressed).asText()).isEqualTo("3");
    assertThat(browser().evaluate(said).asText()).startsWith("is class3, taken for class2");
    assertThat(browser().evaluate(layers).get(0).asText()).endsWith("-0.500 to 4.25");
    // The picture of a layer is as large as it says: one below the other, sixteen maps.
    assertThat(
            browser()
                .evaluate(
                    """
                    (async () => {
                      const image = new Image();
                      image.src = document.querySelector('.maps').style.getPropertyValue('--sheet').slice(5, -2);
                      await image.decode();
                      return image.naturalWidth + ' x ' + image.naturalHeight;
                    })()
                    """)
                .asText())
        .isEqualTo("32 x 512");
    browser().evaluate("document.getElementById('activations').scrollIntoView()");
    browser().screenshot(PICTURES.resolve("activations.png"), false);
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void aRunOfAnOlderVersionHasNoImagesLayerByLayer() throws Exception {
    Path run = folder.resolve("older");
    RunFolder written = new GeneratedRun(20, 3).in(run);
    ObjectNode pictures =
        (ObjectNode) GeneratedRun.json().readTree(run.resolve("pictures.json").toFile());
    pictures.remove("activations");
    Files.writeString(run.resolve("pictures.json"), pictures.toString());
    Path page = page("older", written);
    browser().open(page, 1280, 800, false);
    clickThrough(page);
    assertThat(
            browser()
                .evaluate(
                    "document.querySelectorAll('#activations').length + '/' +"
                        + " document.querySelectorAll('#pictures').length")
                .asText())
        .isEqualTo("0/1");
  }

  @Test
  void namesAreTextWhateverTheyHold() throws Exception {
    GeneratedRun run = new GeneratedRun(20, 3, 7, 4, HOSTILE);
    Path page = page("hostile", run.in(folder.resolve("hostile")), run.in(folder.resolve("again")));
    browser().open(page, 1280, 800, false);
    clickThrough(page);
    assertThat(browser().evaluate("window.harmed === undefined").asBoolean()).isTrue();
    assertThat(browser().evaluate("document.body.textContent").asText())
        .contains("class3</script><script>window.harmed=1</script>\"'><img src=x");
    assertThat(
            browser()
                .evaluate(
                    "document.querySelectorAll('script').length + '/' + document.querySelectorAll('img:not([src^=data])').length")
                .asText())
        .isEqualTo("3/0");
    assertThat(browser().evaluate(TURNED).asInt())
        .as("texts that turn what stands around them")
        .isZero();
    browser().screenshot(PICTURES.resolve("hostile.png"), true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runsOfAlmostNothingAreShownToo(int rounds) throws Exception {
    GeneratedRun run = new GeneratedRun(rounds, 1, 2, 1, "");
    Path begun = folder.resolve("begun" + rounds);
    RunFolder written = run.in(begun);
    for (String name :
        List.of("evaluation.json", "pictures.json", "manifest.json", "histograms.jsonl")) {
      Files.delete(begun.resolve(name));
    }
    Path page = page("begun" + rounds, written);
    browser().open(page, 1280, 800, false);
    clickThrough(page);
    assertThat(browser().evaluate("document.body.textContent").asText())
        .contains("not finished", "There is one worker");
  }

  @Test
  void comparesRunsOfDifferentLengths() throws Exception {
    Path page =
        page(
            "compared",
            new GeneratedRun(96, 10, 10, 4, " A").in(folder.resolve("a")),
            new GeneratedRun(130, 10, 10, 2, " B").in(folder.resolve("b")),
            new GeneratedRun(2500, 4, 100, 1, " C").in(folder.resolve("c")));
    browser().open(page, 1280, 800, false);
    browser().screenshot(PICTURES.resolve("compared.png"), true);
    clickThrough(page);
    assertThat(browser().evaluate("document.body.textContent").asText())
        .contains("3 runs", "generated A", "generated B", "generated C");
  }

  @Test
  void runsOfOneNameAreToldApartByTheirFolders() throws Exception {
    GeneratedRun run = new GeneratedRun(20, 2);
    Path page =
        page("same", run.in(folder.resolve("same/first")), run.in(folder.resolve("same/second")));
    browser().open(page, 1280, 800, false);
    assertThat(browser().evaluate("document.querySelector('.where').textContent").asText())
        .isEqualTo("first, second");
  }

  @Test
  void twoThousandRoundsOfSixtyLayersStayBelowFiveMegabytes() throws Exception {
    Path page = page("large", new GeneratedRun(2000, 60).in(folder.resolve("large")));
    assertThat(Files.size(page)).isLessThan(5_000_000);
    browser().open(page, 1280, 800, false);
    System.out.printf(
        "A report of %,d bytes has drawn itself after %.0f ms%n",
        Files.size(page), browser().evaluate("performance.now()").asDouble());
    browser().screenshot(PICTURES.resolve("large.png"), true);
    clickThrough(page);
  }
}
