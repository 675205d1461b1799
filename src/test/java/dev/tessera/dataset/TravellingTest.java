package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.PixelBlock;
import dev.tessera.network.Shape;
import dev.tessera.stats.ChannelMoments;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;

/** What Spark moves, by either of its serialisers. */
class TravellingTest {

  @Test
  void partsSurviveJavaAndKryo() throws Exception {
    PixelBlock block =
        new PixelBlock(
            new Shape.Image(1, 2, 1), new byte[] {1, -1, 3, 4}, new int[] {0, 1}, origins());
    ShardPart part = new ShardPart(block, List.of(Sets.bad("c", "cut", 7)), new SetFigures(2, 1));
    BlockDecoder decoder = new BlockDecoder(Sets.image(1, 2, 1));
    for (ShardPart copy : List.of(java(part), kryo(part))) {
      byte[] pixels = new byte[2];
      copy.block().read(0, decoder, pixels, 0);
      assertThat(pixels).containsExactly(1, -1);
      assertThat(copy.block().label(1)).isEqualTo(1);
      assertThat(copy.block().origin(1)).isEqualTo("b");
      assertThat(copy.bad()).hasToString("[c (7 bytes): cut]");
      assertThat(copy.bad().get(0).firstBytes()).isEmpty();
    }
  }

  @Test
  void refsAndMomentsSurviveJavaAndKryo() throws Exception {
    RankedRef ranked = new RankedRef(12, new ExampleRef("a/1.jpg", 3));
    ChannelMoments moments = new ChannelMoments(1);
    moments.add(new byte[] {1, 3});
    for (RankedRef copy : List.of(java(ranked), kryo(ranked))) {
      assertThat(copy.rank()).isEqualTo(12);
      assertThat(copy.ref()).hasToString("a/1.jpg (class 3)");
    }
    for (ChannelMoments copy : List.of(java(moments), kryo(moments))) {
      assertThat(copy.means()).containsExactly(2.0);
    }
  }

  @Test
  void whatSourcesListAndStreamSurvivesJavaAndKryo() throws Exception {
    EncodedExample file = EncodedExample.file("a.tar/1.jpg", new byte[] {1, -1});
    EncodedExample pixels =
        EncodedExample.pixels("x#1", new byte[] {1, 2}, new Shape.Image(1, 2, 1));
    for (EncodedExample copy : List.of(java(file), kryo(file))) {
      assertThat(copy.origin()).isEqualTo("a.tar/1.jpg");
      assertThat(copy.bytes()).containsExactly(1, -1);
      assertThat(copy.raw()).isNull();
    }
    for (EncodedExample copy : List.of(java(pixels), kryo(pixels))) {
      assertThat(copy.raw()).isEqualTo(new Shape.Image(1, 2, 1));
    }
    for (LabelledRef copy :
        List.of(java(new LabelledRef("a", "cat")), kryo(new LabelledRef("a", "cat")))) {
      assertThat(copy).hasToString("a (cat)");
    }
  }

  @Test
  void hadoopSettingsTravel() throws Exception {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.some.key", "value");
    SerializableConfiguration copy = java(new SerializableConfiguration(configuration));
    assertThat(copy.value().get("fs.some.key")).isEqualTo("value");
  }

  private static String[] origins() {
    return new String[] {"a", "b"};
  }

  @SuppressWarnings("unchecked")
  private static <T> T java(T value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T kryo(T value) {
    Kryo kryo = new KryoSerializer(new SparkConf()).newKryo();
    Output output = new Output(1024, -1);
    kryo.writeClassAndObject(output, value);
    return (T) kryo.readClassAndObject(new Input(output.toBytes()));
  }
}
