package dev.tessera.preview;

import dev.tessera.error.Printable;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.List;
import java.util.Locale;

/**
 * Pictures with their classes: a row each, the original first and then what the network sees, drawn
 * several times; or, where nothing is augmented, the originals side by side.
 *
 * <p>The pictures are augmented as one minibatch, so that mixtures are of pictures of the sheet.
 */
public final class ContactSheet {
  /** Pictures in a row beside the first. */
  private static final int DRAWS = 7;

  private static final int GAP = 6;
  private static final int LINE = 16;

  private final String title;
  private final List<String> classNames;
  private final PixelBlock images;
  private final Augmentation augmentation;
  private final long seed;
  private final Shape.Image shape;
  private final Thumbnail thumbnail;
  private final int columns;
  private final int rows;

  /**
   * A sheet that is not drawn yet.
   *
   * @param title first line
   * @param images at least one
   * @param seed of the job
   */
  public ContactSheet(
      String title,
      List<String> classNames,
      PixelBlock images,
      Augmentation augmentation,
      long seed) {
    this.title = Printable.of(title);
    this.classNames = classNames.stream().map(Printable::of).toList();
    this.images = images;
    this.augmentation = augmentation;
    this.seed = seed;
    this.shape = images.shape();
    this.thumbnail = new Thumbnail(shape);
    this.columns = augmentation.isNone() ? Math.min(1 + DRAWS, images.size()) : 1 + DRAWS;
    this.rows = augmentation.isNone() ? (images.size() + columns - 1) / columns : images.size();
  }

  /** How often every picture is drawn augmented; 0 where nothing is augmented. */
  public int draws() {
    return augmentation.isNone() ? 0 : DRAWS;
  }

  /** Draws all. */
  public Drawn draw() {
    Canvas canvas =
        new Canvas(
            GAP + columns * (thumbnail.width() + GAP),
            GAP + 2 * LINE + rows * (thumbnail.height() + LINE + GAP));
    canvas.text(title, GAP, GAP, canvas.width() - 2 * GAP);
    Minibatch minibatch = new Minibatch(shape, images.size());
    fill(minibatch);
    if (augmentation.isNone()) {
      originals(canvas, minibatch);
    } else {
      canvas.text("original", left(0), GAP + LINE, thumbnail.width());
      for (int row = 0; row < rows; row++) {
        cell(canvas, minibatch, row, row, 0, name(row));
      }
      Augmenter augmenter = new Augmenter(augmentation, shape);
      for (int draw = 1; draw <= DRAWS; draw++) {
        fill(minibatch);
        augmenter.apply(minibatch, RandomStream.key(seed, Purpose.AUGMENTATION, draw - 1, 0, 0));
        draw(canvas, minibatch, draw);
      }
    }
    return new Drawn(canvas.png(), canvas.hasText());
  }

  private void fill(Minibatch minibatch) {
    minibatch.clear();
    for (int i = 0; i < images.size(); i++) {
      minibatch.add(images, i);
    }
  }

  private void originals(Canvas canvas, Minibatch minibatch) {
    for (int i = 0; i < images.size(); i++) {
      cell(canvas, minibatch, i, i / columns, i % columns, name(i));
    }
  }

  private void draw(Canvas canvas, Minibatch minibatch, int column) {
    canvas.text("draw " + column, left(column), GAP + LINE, thumbnail.width());
    for (int row = 0; row < rows; row++) {
      cell(canvas, minibatch, row, row, column, mixture(minibatch, row));
    }
  }

  private void cell(
      Canvas canvas, Minibatch minibatch, int example, int row, int column, String caption) {
    int top = GAP + 2 * LINE + row * (thumbnail.height() + LINE + GAP);
    thumbnail.draw(minibatch.pixels(), example * shape.size(), canvas, left(column), top);
    canvas.text(caption, left(column), top + thumbnail.height(), thumbnail.width());
  }

  private int left(int column) {
    return GAP + column * (thumbnail.width() + GAP);
  }

  private String name(int image) {
    return classNames.get(images.label(image));
  }

  /** The shares of a mixture; nothing for others. The row has the name of the first label. */
  private String mixture(Minibatch minibatch, int example) {
    double share = minibatch.otherShare(example);
    return share == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "%.0f%% + %.0f%% %s",
            100 * (1 - share),
            100 * share,
            classNames.get(minibatch.otherLabel(example)));
  }

  /**
   * A sheet.
   *
   * @param hasText false where this machine can't draw any
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on and written, never compared
  public record Drawn(byte[] png, boolean hasText) {}
}
