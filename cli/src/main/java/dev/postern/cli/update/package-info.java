/**
 * The input and the output of {@code postern prove --delta}, which proves an update before it is applied. It decides no verdict.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.update;

import org.jspecify.annotations.NullMarked;
