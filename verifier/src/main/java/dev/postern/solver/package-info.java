/**
 * Opens Z3 within limits: turns a machine without its library, or a query that comes to no end, into a sentence instead of an answer. It
 * trusts the library that came with the Maven dependency.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.solver;

import org.jspecify.annotations.NullMarked;
