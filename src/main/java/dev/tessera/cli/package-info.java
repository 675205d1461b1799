/** The command line: subcommands, progress, exit codes. */
@NullMarked
package dev.tessera.cli;

import org.jspecify.annotations.NullMarked;
