/**
 * Checks the statements of a test specification against a cluster, one by one. A statement that cannot be decided is reported as undecided,
 * never as one that holds.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.spec;

import org.jspecify.annotations.NullMarked;
