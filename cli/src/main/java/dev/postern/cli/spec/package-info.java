/**
 * Prints the results of test specifications, with one class for each format. It adds nothing to {@link dev.postern.spec.Check}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.spec;

import org.jspecify.annotations.NullMarked;
