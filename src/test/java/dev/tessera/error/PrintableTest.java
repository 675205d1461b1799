package dev.tessera.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void leavesNamesOfAnyLanguageAlone() {
    String name = "été à la mer/кот 🌻 \\n";
    assertThat(Printable.of(name)).isSameAs(name);
  }

  @Test
  void escapesWhatBreaksALineOrSteersATerminal() {
    assertThat(Printable.of("a\nb\tc\u001b[31m\u2028d\u0085🌻\r"))
        .isEqualTo("a\\u000ab\\u0009c\\u001b[31m\\u2028d\\u0085🌻\\u000d");
  }
}
