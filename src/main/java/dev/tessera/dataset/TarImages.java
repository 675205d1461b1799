package dev.tessera.dataset;

import org.jspecify.annotations.Nullable;

/** The images of a tar file with their bytes, labelled or not. */
final class TarImages extends FoundIterator<EncodedExample> {
  private final TarFile tar;

  /** Closes nothing. */
  TarImages(TarFile tar) {
    this.tar = tar;
  }

  @Override
  @Nullable EncodedExample find() {
    TarFile.Member member;
    while ((member = tar.next()) != null) {
      if (member.isImage() && !member.isHidden()) {
        return EncodedExample.file(tar.origin(member), tar.bytes());
      }
    }
    return null;
  }
}
