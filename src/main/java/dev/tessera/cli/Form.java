package dev.tessera.cli;

import org.jspecify.annotations.Nullable;

/** For whom something is printed: people, or programs. */
enum Form {
  TEXT("text"),
  /** One object on one line. */
  JSON("json");

  private final String word;

  Form(String word) {
    this.word = word;
  }

  /** Null where there is none of that name. */
  static @Nullable Form named(String word) {
    for (Form form : values()) {
      if (form.word.equals(word)) {
        return form;
      }
    }
    return null;
  }

  /**
   * What a line of arguments says, before it is parsed: what is wrong with the line is told in that
   * form too.
   *
   * @param option such as {@code --output}, its form in the next argument or after an equals sign
   */
  static Form in(String[] arguments, String option) {
    Form form = TEXT;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      Form said = null;
      if (argument.startsWith(option + "=")) {
        said = named(argument.substring(option.length() + 1));
      } else if (argument.equals(option) && i + 1 < arguments.length) {
        said = named(arguments[i + 1]);
      }
      form = said == null ? form : said;
    }
    return form;
  }
}
