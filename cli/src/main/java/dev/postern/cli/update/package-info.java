/**
 * An update proved against the state that it meets: what {@code postern prove --delta} reads and prints. Nothing here decides a verdict.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.update;

import org.jspecify.annotations.NullMarked;
