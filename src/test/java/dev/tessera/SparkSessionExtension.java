package dev.tessera;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one local Spark session of this JVM, as a parameter of type {@link SparkSession}
 * or {@link JavaSparkContext}. Two task slots, no web page, loopback only. Made on first use,
 * stopped when all tests are over; tests never stop it.
 */
public final class SparkSessionExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SparkSessionExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkSession.class || type == JavaSparkContext.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    SparkSession session =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Shared.class, key -> new Shared(), Shared.class)
            .session;
    return parameter.getParameter().getType() == SparkSession.class
        ? session
        : JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  private static final class Shared implements AutoCloseable {
    private final SparkSession session =
        SparkSession.builder()
            .appName("tessera-tests")
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.sql.catalogImplementation", "in-memory")
            .getOrCreate();

    @Override
    public void close() {
      session.stop();
    }
  }
}
