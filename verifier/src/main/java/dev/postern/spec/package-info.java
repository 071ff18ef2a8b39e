/**
 * Holds a cluster to the statements of a test specification, each on its own. A statement that cannot be decided does not hold, and says so.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.spec;

import org.jspecify.annotations.NullMarked;
