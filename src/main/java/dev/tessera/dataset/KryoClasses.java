package dev.tessera.dataset;

import com.esotericsoftware.kryo.Kryo;
import dev.tessera.image.EncodedBlock;
import dev.tessera.image.PixelBlock;
import dev.tessera.stats.ChannelMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * Every class of which Spark moves objects for Tessera, under the serialiser Kryo: registered they
 * travel by a number, and {@code spark.kryo.registrationRequired} refuses all others. What the
 * rounds move is arrays of bytes.
 *
 * <p>A session of ours is given it by itself; others by {@code
 * spark.kryo.registrator=dev.tessera.dataset.KryoClasses}.
 */
public final class KryoClasses implements KryoRegistrator {
  private static final List<Class<?>> MOVED =
      List.of(
          BadImage.class,
          BadImage[].class,
          ChannelMoments.class,
          Delivered.class,
          Duplicates.class,
          EncodedBlock.class,
          EncodedExample.class,
          ExampleRef.class,
          LabelledRef.class,
          PackedFile.class,
          PackedSource.Part.class,
          PixelBlock.class,
          RankedRef.class,
          Reasons.class,
          SeenSizes.class,
          SeenSizes.Count.class,
          SerializableConfiguration.class,
          SetFigures.class,
          ShardPart.class,
          // what they hold, and what Spark puts them into
          ArrayList.class,
          Object[].class,
          String[].class,
          TreeMap.class,
          byte[][].class,
          int[].class,
          long[].class);

  /**
   * Of columns. Spark's tasks send the schemas of Parquet files as objects, and Spark itself
   * registers less than half of what may be in one.
   */
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.BinaryType,
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.DateType,
          DataTypes.DoubleType,
          DataTypes.FloatType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.NullType,
          DataTypes.ShortType,
          DataTypes.StringType,
          DataTypes.TimestampNTZType,
          DataTypes.TimestampType);

  @Override
  public void registerClasses(Kryo kryo) {
    MOVED.forEach(kryo::register);
    TYPES.forEach(type -> kryo.register(type.getClass()));
    List.of(ArrayType.class, DecimalType.class, MapType.class, StructField[].class)
        .forEach(kryo::register);
  }
}
