/**
 * One small class for each subcommand, which turns its arguments into a call of the verifier and the answer into text. A command decides
 * nothing itself and returns an {@link dev.postern.cli.console.ExitStatus}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.command;

import org.jspecify.annotations.NullMarked;
