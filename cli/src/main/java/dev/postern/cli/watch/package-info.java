/**
 * Repeats proofs when their input changes, prints new results, and serves the current verdict over HTTP.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.watch;

import org.jspecify.annotations.NullMarked;
