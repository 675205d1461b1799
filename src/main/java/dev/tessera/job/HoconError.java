package dev.tessera.job;

import com.typesafe.config.ConfigException;
import java.util.Locale;

/** The library's complaints in our form. */
final class HoconError {
  private static final String FORM =
      "A job file is made of lines such as `epochs = 3` and of groups `training { ... }`. Look at this"
          + " line and the one before it for a brace, a bracket or a quotation mark too many or too few.";

  private HoconError() {}

  /** What the library says, without its own place in front and its full stop. */
  static String explanation(ConfigException e) {
    String text = String.valueOf(e.getMessage()).strip();
    if (text.contains("end of file")) {
      // The library's own words for this case send people looking for a parenthesis.
      return "it ends where a closing }, ] or quotation mark is expected";
    }
    if (e.origin() != null && text.startsWith(e.origin().description() + ": ")) {
      text = text.substring(e.origin().description().length() + 2);
    }
    text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  static void report(ConfigException e, String job, Problems problems) {
    Place place = e.origin() == null ? new Place(job, 0) : Place.of(e.origin());
    boolean syntax = !(e instanceof ConfigException.UnresolvedSubstitution);
    if (syntax && e instanceof ConfigException.Parse) {
      problems.add(place, place.toString(), "this is not HOCON: " + explanation(e), FORM);
    } else {
      problems.add(
          place,
          place.toString(),
          "the values can't be put together: " + explanation(e),
          "Look at the ${...} of this line, and at what they refer to.");
    }
  }
}
