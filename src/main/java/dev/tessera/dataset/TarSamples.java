package dev.tessera.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a tar file with their labels, without their bytes. Members of one example follow
 * one another, so that nothing but one example has to be known at a time.
 */
final class TarSamples extends FoundIterator<LabelledRef> {
  private static final String LABEL = "label";

  /** A name of a class is shorter. */
  private static final int MAX_LABEL_BYTES = 1 << 10;

  private final TarFile tar;
  private final @Nullable String labelField;
  private final ObjectMapper json = new ObjectMapper();
  private @Nullable Sample open;
  private TarFile.@Nullable Member ahead;

  /**
   * Closes nothing.
   *
   * @param labelField of the JSON member; null: the cls member, else the field label
   */
  TarSamples(TarFile tar, @Nullable String labelField) {
    this.tar = tar;
    this.labelField = labelField;
  }

  /** What is known of an example while its members pass. */
  private static final class Sample {
    private final String key;
    private @Nullable String image;
    private @Nullable String label;

    Sample(String key) {
      this.key = key;
    }
  }

  @Override
  @Nullable LabelledRef find() {
    while (true) {
      TarFile.Member member = ahead == null ? tar.next() : ahead;
      ahead = null;
      if (open != null && (member == null || !member.key().equals(open.key))) {
        ahead = member;
        Sample done = open;
        open = null;
        return ref(done);
      }
      if (member == null) {
        return null;
      }
      if (member.isHidden()) {
        return LabelledRef.passedOver(tar.origin(member));
      }
      add(member);
    }
  }

  private void add(TarFile.Member member) {
    Sample sample = open == null ? new Sample(member.key()) : open;
    open = sample;
    if (member.isImage()) {
      sample.image = sample.image == null ? tar.origin(member) : sample.image;
    } else if (member.extension().equals("cls") && labelField == null) {
      sample.label = text(member);
    } else if (member.extension().equals("json")) {
      sample.label = sample.label == null ? field(member) : sample.label;
    }
  }

  private LabelledRef ref(Sample sample) {
    return sample.image == null
        ? LabelledRef.passedOver(sample.key)
        : new LabelledRef(sample.image, sample.label);
  }

  private String text(TarFile.Member member) {
    byte[] bytes = tar.bytes();
    if (bytes.length > MAX_LABEL_BYTES) {
      throw tar.wrong(
          member,
          "has "
              + bytes.length
              + " bytes. A .cls member holds the name or the number of a class as text.");
    }
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private @Nullable String field(TarFile.Member member) {
    String field = labelField == null ? LABEL : labelField;
    JsonNode found;
    try {
      found = json.readTree(tar.bytes()).path(field);
    } catch (IOException e) {
      throw tar.wrong(member, "is not JSON. Correct it, or leave it out.");
    }
    if (found.isMissingNode()) {
      return null;
    }
    String text = JsonLabels.text(found);
    if (text == null) {
      throw tar.wrong(
          member,
          "has "
              + found
              + " as \""
              + field
              + "\". A label is a text or a whole number: give another field in dataset.labelField.");
    }
    return text;
  }
}
