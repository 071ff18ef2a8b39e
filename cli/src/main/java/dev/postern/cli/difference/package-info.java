/**
 * Prints the traffic that a change opens and closes, with one class for each format. It adds nothing to {@link dev.postern.diff.Difference}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.difference;

import org.jspecify.annotations.NullMarked;
