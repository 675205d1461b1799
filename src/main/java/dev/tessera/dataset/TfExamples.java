package dev.tessera.dataset;

import dev.tessera.tfrecord.Protobuf;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Images and labels in {@code tf.train.Example} records.
 *
 * @param imageFeature null: {@link #IMAGE}
 * @param labelFeature null: {@link #LABEL}, else {@link #TEXT}
 */
record TfExamples(
    @Nullable String imageFeature,
    @Nullable String labelFeature,
    SerializableConfiguration configuration)
    implements Serializable {
  static final String LABEL = "image/class/label";
  private static final String TEXT = "image/class/text";
  private static final String IMAGE = "image/encoded";

  private static final long FIELD_1 = Protobuf.tag(1, Protobuf.BYTES);
  private static final long FIELD_2 = Protobuf.tag(2, Protobuf.BYTES);

  /** The records of a file with their labels; images are skipped over. */
  Iterator<LabelledRef> labels(DataFile file) {
    TfRecordFile records = open(file);
    return new FoundIterator<>() {
      @Override
      @Nullable LabelledRef find() {
        return records.next() ? label(records) : null;
      }
    };
  }

  /** The records of a file with their images, labelled or not. */
  Iterator<EncodedExample> images(DataFile file) {
    TfRecordFile records = open(file);
    return new FoundIterator<>() {
      @Override
      @Nullable EncodedExample find() {
        return records.next() ? image(records) : null;
      }
    };
  }

  private TfRecordFile open(DataFile file) {
    TfRecordFile records = new TfRecordFile(file, configuration.value());
    TaskEnd.close(records::close);
    return records;
  }

  private LabelledRef label(TfRecordFile records) {
    Protobuf data = records.dataInPlace();
    Map<String, TfFeature> features = features(records, data, labelNames());
    records.skipRest(data);
    requireImage(records, features);
    for (String name : labelNames()) {
      TfFeature label = features.get(name);
      if (label != null && label.count() > 0) {
        return new LabelledRef(records.origin(), text(records, name, label));
      }
    }
    return LabelledRef.passedOver(records.origin());
  }

  private EncodedExample image(TfRecordFile records) {
    Map<String, TfFeature> features = features(records, records.data(), List.of(imageName()));
    byte[] bytes = requireImage(records, features).bytes();
    return EncodedExample.file(records.origin(), bytes == null ? new byte[0] : bytes);
  }

  private String imageName() {
    return imageFeature == null ? IMAGE : imageFeature;
  }

  private List<String> labelNames() {
    return labelFeature == null ? List.of(LABEL, TEXT) : List.of(labelFeature);
  }

  /** A record without it is a record of something else; one with nothing in it is a bad image. */
  private TfFeature requireImage(TfRecordFile records, Map<String, TfFeature> features) {
    TfFeature image = features.get(imageName());
    if (image != null
        && (image.kind() == TfFeature.Kind.BYTES || image.kind() == TfFeature.Kind.NONE)) {
      return image;
    }
    String all =
        features.entrySet().stream()
            .map(feature -> feature.getKey() + " (" + feature.getValue() + ")")
            .collect(Collectors.joining(", "));
    throw records.wrong(
        image == null
            ? "has no feature "
                + imageName()
                + ". Name it in dataset.features.image; there are "
                + all
                + "."
            : "has "
                + image
                + " as "
                + imageName()
                + ". An image is the bytes of a picture file: write the records anew, with encoded"
                + " images.");
  }

  private String text(TfRecordFile records, String name, TfFeature label) {
    return switch (label.kind()) {
      case NUMBERS -> Long.toString(label.number());
      case BYTES -> label.bytes() == null ? "" : new String(label.bytes(), StandardCharsets.UTF_8);
      default ->
          throw records.wrong(
              "has " + label + " as " + name + ". A label is a text or a whole number.");
    };
  }

  /** Example: 1 = Features; Features: 1 = map entries; entry: 1 = name, 2 = Feature. */
  private static Map<String, TfFeature> features(
      TfRecordFile records, Protobuf example, List<String> wanted) {
    Map<String, TfFeature> features = new TreeMap<>();
    try {
      while (example.hasNext()) {
        long tag = example.tag();
        if (tag == FIELD_1) {
          readMap(example.message(), wanted, features);
        } else {
          example.skipValue(tag);
        }
      }
      return features;
    } catch (IOException e) {
      throw records.failed(e);
    }
  }

  private static void readMap(Protobuf map, List<String> wanted, Map<String, TfFeature> features)
      throws IOException {
    while (map.hasNext()) {
      long tag = map.tag();
      if (tag != FIELD_1) {
        map.skipValue(tag);
        continue;
      }
      Protobuf entry = map.message();
      String name = "";
      while (entry.hasNext()) {
        long field = entry.tag();
        if (field == FIELD_1) {
          name = entry.text();
        } else if (field == FIELD_2) {
          // Writers put the name first.
          features.put(name, TfFeature.read(entry.message(), wanted.contains(name)));
        } else {
          entry.skipValue(field);
        }
      }
    }
  }
}
