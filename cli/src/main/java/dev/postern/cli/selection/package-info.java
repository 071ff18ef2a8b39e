/**
 * Which findings a team wants to see: settings in {@code .postern.yaml}, marks beside manifests, baselines. It finds nothing itself, and what
 * it leaves out it counts.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.selection;

import org.jspecify.annotations.NullMarked;
