package dev.tessera;

import java.util.List;

/**
 * A contact sheet that was drawn.
 *
 * @param file where it is
 * @param images on it
 * @param classes that they are of
 * @param draws how often each of them is drawn augmented; 0 where nothing is augmented
 * @param withoutText names of the images' classes from the top, if this machine can't draw text,
 *     else empty
 * @param leftOut images that can't be decoded, with the reason
 */
public record PreviewSheet(
    String file,
    int images,
    int classes,
    int draws,
    List<String> withoutText,
    List<String> leftOut) {
  public PreviewSheet {
    withoutText = List.copyOf(withoutText);
    leftOut = List.copyOf(leftOut);
  }
}
