/**
 * The command line: subcommands, progress on a terminal, exit codes. A thin caller of the base
 * package.
 *
 * <p>Read first: {@link dev.tessera.cli.Main}, {@link dev.tessera.cli.TrainCommand}, {@link
 * dev.tessera.cli.ExitCode}. May import everything; nothing may import it. Spark and the job parser
 * are loaded when a subcommand runs, so that {@code --help} is quick.
 */
@NullMarked
package dev.tessera.cli;

import org.jspecify.annotations.NullMarked;
