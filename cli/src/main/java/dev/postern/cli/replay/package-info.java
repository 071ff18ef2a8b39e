/**
 * The output of {@code replay}. A format is one class and one line in {@link dev.postern.cli.replay.ReplayFormat}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.replay;

import org.jspecify.annotations.NullMarked;
