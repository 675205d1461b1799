/**
 * The kinds of failure that are not defects of ours, by who must act. Everything else that is
 * thrown is a defect. And {@link dev.tessera.error.Printable}, for the names in their messages.
 *
 * <p>Read first: {@link dev.tessera.error.TesseraException}. Imports nothing; every package may
 * import it. The command line maps the kinds to exit codes.
 */
@NullMarked
package dev.tessera.error;

import org.jspecify.annotations.NullMarked;
