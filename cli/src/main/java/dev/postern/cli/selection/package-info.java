/**
 * Selects the findings that a team wants to see, by settings in {@code .postern.yaml}, marks in manifests, and baselines. It finds nothing
 * itself, and counts the findings that it omits.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.selection;

import org.jspecify.annotations.NullMarked;
