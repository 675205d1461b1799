package dev.tessera.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.image.ImageSettings;
import java.util.List;

/** {@code manifest.json}: what is in a packed folder, written when all of it is. */
record PackedManifest(
    String version,
    long seed,
    PackedForm form,
    ImageSettings image,
    List<String> classNames,
    List<PackedFigures> sets,
    SeenSizes sizes,
    Duplicates duplicates) {

  String text() {
    ObjectNode json =
        new ObjectMapper()
            .createObjectNode()
            .put("schema", PackedFolder.SCHEMA)
            .put("kind", PackedFolder.KIND)
            .put("tessera", version)
            .put("seed", seed)
            .put("format", form.column());
    if (form.isJpeg()) {
      json.put("jpegQuality", form.jpegQuality());
    }
    ObjectNode imageJson = json.putObject("image");
    PackedImage.settings(image).forEach(imageJson::put);
    classNames.forEach(json.putArray("classNames")::add);
    ArrayNode setsJson = json.putArray("sets");
    sets.forEach(set -> describe(set, setsJson.addObject()));
    describeSizes(json.putObject("originalSizes"));
    json.putObject("duplicates")
        .put("groups", duplicates.groups())
        .put("images", duplicates.images())
        .put("groupsAcrossSets", duplicates.acrossSets())
        .put("groupsAcrossClasses", duplicates.acrossClasses());
    return PreparePlan.pretty(json);
  }

  private void describe(PackedFigures packed, ObjectNode json) {
    SetFigures figures = packed.figures();
    json.put("name", packed.set().name())
        .put("heldOut", packed.set().heldOut())
        .put("files", packed.set().files())
        .put("images", figures.examples())
        .put("leftOut", figures.badCount())
        .put("contentHash", figures.contentHash());
    packed.set().quarantined().forEach(json.putArray("quarantined")::add);
    ObjectNode counts = json.putObject("classCounts");
    long[] ofClass = figures.classCounts();
    for (int label = 0; label < ofClass.length; label++) {
      counts.put(classNames.get(label), ofClass[label]);
    }
    if (figures.examples() > 0) {
      ObjectNode moments = json.putObject("channels");
      figures.moments().means().forEach(moments.putArray("means")::add);
      figures.moments().deviations().forEach(moments.putArray("deviations")::add);
    }
  }

  private void describeSizes(ObjectNode json) {
    json.put("distinct", sizes.distinct())
        .put("minHeight", sizes.minHeight())
        .put("maxHeight", sizes.maxHeight())
        .put("minWidth", sizes.minWidth())
        .put("maxWidth", sizes.maxWidth());
    ArrayNode common = json.putArray("common");
    for (SeenSizes.Count size : sizes.common()) {
      common
          .addObject()
          .put("height", size.height())
          .put("width", size.width())
          .put("images", size.images());
    }
  }
}
