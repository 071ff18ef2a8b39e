/**
 * Shows what a change opens and closes: one class a format. It adds nothing to {@link dev.postern.diff.Difference}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.difference;

import org.jspecify.annotations.NullMarked;
