package dev.tessera.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts keys and environment variables in for {@code ${name}}, and reports all names that there are
 * not.
 */
final class Substitutions {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\??([^}]*)}");

  /**
   * Stands in for what is missing, so that the rest can be read; no job can contain it by chance.
   */
  private static final String STAND_IN = "\u0000missing";

  private final Problems problems;
  private final Set<String> missing = new HashSet<>();

  Substitutions(Problems problems) {
    this.problems = problems;
  }

  /** Whether a value is made from a name there is not, which has been reported already. */
  static boolean isStandIn(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        && ((String) value.unwrapped()).contains(STAND_IN);
  }

  ConfigObject resolve(Config job) {
    ConfigResolveOptions options =
        ConfigResolveOptions.defaults().appendResolver(new Missing(missing));
    while (true) {
      try {
        return job.resolve(options).root();
      } catch (ConfigException.UnresolvedSubstitution e) {
        if (!report(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Whether the name was new: the library finds one a time, so each is put in and the next looked
   * for.
   */
  private boolean report(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    Matcher expression = EXPRESSION.matcher(message);
    if (message.contains("cycle") || !expression.find() || !missing.add(expression.group(1))) {
      return false;
    }
    String name = expression.group(1);
    Place place = Place.of(e.origin());
    problems.add(
        place,
        place + ": ${" + name + "}",
        "there is no such key in this job and no such environment variable",
        "Define it above, export it before the start, or write ${?"
            + name
            + "}: then the key keeps what it had before.");
    return true;
  }

  private record Missing(Set<String> names) implements ConfigResolver {
    @Override
    @SuppressWarnings("NullAway") // the library's way to say "not mine"
    public ConfigValue lookup(String path) {
      return names.contains(path) ? ConfigValueFactory.fromAnyRef(STAND_IN) : null;
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this;
    }
  }
}
